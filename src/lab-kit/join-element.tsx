import '../rtc/signaling/no-eval.ts';
import { render } from 'preact';
import { JoinForm } from './join-form.tsx';

/** `<join-form>`: the form that the build wrote into the page comes to life. `?code=…` fills it in. */
class JoinElement extends HTMLElement {
  connectedCallback(): void {
    const code = new URLSearchParams(location.search).get('code')?.slice(0, 12) ?? '';
    render(<JoinForm code={code} />, this);
  }
}

customElements.define('join-form', JoinElement);
