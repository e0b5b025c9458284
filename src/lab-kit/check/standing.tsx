import type { Said, Standing } from '../../rtc/check/verdict.ts';
import './standing.css';

export const standingWords: Readonly<Record<Standing, string>> = {
  works: 'works',
  partly: 'partly',
  fails: 'does not work',
  unknown: 'not known',
};

const shapes: Readonly<Record<Standing, string>> = {
  works: 'M4.5 10.5 8.5 14.5 15.5 6',
  partly: 'M10 4.5V11.5M10 14.5V15.2',
  fails: 'M5.5 5.5 14.5 14.5M14.5 5.5 5.5 14.5',
  unknown: 'M5 10H15',
};

/** The standing as a shape of its own, so that its colour is not all that tells. */
export function StandingMark({ standing }: { readonly standing: Standing }) {
  return (
    <svg
      class="check-mark"
      data-standing={standing}
      viewBox="0 0 20 20"
      role="img"
      aria-label={standingWords[standing]}
    >
      <path d={shapes[standing]} />
    </svg>
  );
}

/** What a rule says, what to do, and its name. */
export function Sentence({ said }: { readonly said: Said }) {
  const { text, next, rule, lesson } = said;
  return (
    <div class="check-sentence">
      <p>{text}</p>
      {next !== '' && (
        <p>
          <strong>To do:</strong> {next}
        </p>
      )}
      <p class="check-rule">
        rule <code>{rule}</code>
        {lesson !== undefined && (
          <>
            {' '}
            · <a href={lesson}>why</a>
          </>
        )}
      </p>
    </div>
  );
}
