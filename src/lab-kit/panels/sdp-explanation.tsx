import { specUrl, type Explanation, type Spec } from '../../rtc/sdp/explain.ts';
import type { Target } from '../view.ts';
import { Fields } from './fields.tsx';
import type { LivesOn } from './model/lives-on.ts';
import type { Mark } from './model/marks.ts';

interface Props {
  readonly explanation: Explanation | undefined;
  /** `offer, line 12` */
  readonly place: string;
  readonly mark: Mark | undefined;
  readonly lives: readonly LivesOn[];
  readonly show: (target: Target) => void;
}

/** What a line says, what changed in it, and where it lives on. */
export function ExplanationArea({ explanation, place, mark, lives, show }: Props) {
  if (!explanation) return null;
  const { title, text, fields, spec, also = [], refersTo = [] } = explanation;
  return (
    <>
      <div aria-live="polite">
        <p class="ps-explanation-title">
          <strong>{title}</strong>
          <span class="ps-sdp-about">{place}</span>
        </p>
        <p>{text}</p>
        {mark && (
          <p class="ps-sdp-was">
            {mark.kind === 'added' ? (
              'New: the description before had no such line.'
            ) : (
              <>
                Changed. Before: <code>{mark.before}</code>
              </>
            )}
          </p>
        )}
        {refersTo.length > 0 && (
          <p class="ps-sdp-about">
            It points to {refersTo.length === 1 ? 'line' : 'lines'} {refersTo.join(', ')}, marked above.
          </p>
        )}
      </div>
      {lives.length > 0 && (
        <div class="ps-lives">
          <p class="ps-lives-title">Where it lives on</p>
          <ul>
            {lives.map(({ text: words, target }) => (
              <li key={words}>
                {words}{' '}
                {target && (
                  <button type="button" class="ps-goto" onClick={() => show(target)}>
                    Show<span class="ps-hidden">: {words}</span>
                  </button>
                )}
              </li>
            ))}
          </ul>
        </div>
      )}
      {fields && fields.length > 0 && <Fields fields={fields} />}
      <p class="ps-specs">
        {[...(spec ? [spec] : []), ...also].map((one) => (
          <SpecLink key={`${one.name} ${one.section ?? ''}`} spec={one} />
        ))}
      </p>
    </>
  );
}

function SpecLink({ spec }: { spec: Spec }) {
  const { name, section, title } = spec;
  const words = `${name}${section ? ` §${section}` : ''}, ${title}`;
  const url = specUrl(spec);
  return url ? (
    <a href={url} rel="external noopener">
      {words}
    </a>
  ) : (
    <span>{words}</span>
  );
}
