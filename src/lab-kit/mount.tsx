import '../rtc/signaling/no-eval.ts';
import { render } from 'preact';
import { loadAdapter } from '../rtc/adapter.ts';
import { LabApp, type LabSize } from './app.tsx';
import { loadServerClient } from './arrange.ts';
import { loadLab } from './registry.ts';
import { LabSession } from './session.ts';

/** Brings a lab that was rendered as plain HTML to life. Gives back its session. */
export async function mountLab(pane: HTMLElement): Promise<LabSession> {
  const { lab = '', size = 'pane' } = pane.dataset;
  const locating = import('./locate.ts'); // on its way together with the lab
  const [definition] = await Promise.all([loadLab(lab), loadAdapter()]);
  const { loadLocator } = await locating;
  const locate = await loadLocator(definition.run);
  const codeHtml = pane.querySelector('[data-code-html]')?.innerHTML ?? '';
  const session = new LabSession(lab, definition, new URLSearchParams(location.search), locate);
  // A choice that was made while the code was on its way.
  for (const { name, value, selectedOptions } of pane.querySelectorAll('select')) {
    if (selectedOptions[0]?.defaultSelected === false) session.choose(name, value);
  }
  const pace = pane.querySelector<HTMLInputElement>('input[data-pace]:checked');
  if (pace && !pace.defaultChecked) session.choose('pace', pace.value);
  addEventListener('pagehide', () => session.stop());
  if (definition.signaling === 'server') loadServerClient().catch(() => {}); // ready before the button is pressed
  render(<LabApp session={session} size={size as LabSize} codeHtml={codeHtml} />, pane);
  return session;
}
