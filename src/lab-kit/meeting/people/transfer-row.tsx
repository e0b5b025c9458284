import { safeFileName } from '../../../rtc/meeting/files/name.ts';
import { isOver, type Transfer } from '../../../rtc/meeting/files/transfer.ts';
import type { Path } from '../../../rtc/meeting/path.ts';
import { download } from '../../download.ts';
import type { People } from './people.ts';
import { pathWords, sizeWords, transferWords } from './words.ts';

interface TransferRowProps {
  readonly transfer: Transfer;
  readonly people: People;
  /** By which way it goes. */
  readonly path: Path | undefined;
}

/** A file that is offered, on its way, or here. */
export function TransferRow({ transfer, people, path }: TransferRowProps) {
  const { direction, name, sizeBytes, bytes, state, resumedAt, peer } = transfer;
  const other = people.nameOf(peer);
  const isIn = direction === 'in';
  const way = isOver(state) ? null : pathWords(path);
  const words = transferWords(transfer, other);
  const { files } = people;
  return (
    <article class="people-file" data-direction={direction} data-state={state.is} data-peer={peer}>
      <header>
        <span class="people-name">{isIn ? `File from ${other}` : `File for ${other}`}</span>
        <span class="people-size">{sizeWords(sizeBytes)}</span>
      </header>
      <p class="people-text">
        <bdi>{name}</bdi>
      </p>
      {(state.is === 'moving' || state.is === 'paused') && (
        <progress value={bytes} max={Math.max(1, sizeBytes)} aria-label={`${name}: how much has arrived`} />
      )}
      <p class="people-where" aria-live="off">
        <span data-state={state.is}>{words}</span>
        {way && (
          <span class="people-path" title={way.title}>
            {way.text}
          </span>
        )}
        {resumedAt.length > 0 && (
          <span
            class="people-path"
            title="The connection was cut or rebuilt: it went on from there, and nothing was sent twice from the start."
          >
            went on at {resumedAt.map(sizeWords).join(', ')}
          </span>
        )}
      </p>
      {state.is === 'kept' && (
        <p
          class="people-sum"
          data-sha256={state.sha256}
          title="Of the whole file, computed at both ends and compared: sha256sum prints the same one."
        >
          SHA-256 <code>{state.sha256}</code>
        </p>
      )}
      <p class="people-acts">
        {isIn && state.is === 'offered' && (
          <>
            <button
              type="button"
              class="meet-small people-primary"
              aria-label={`Take ${name}`}
              onClick={() => void files.value?.accept(transfer)}
            >
              Take it
            </button>
            <button
              type="button"
              class="meet-small"
              aria-label={`Do not take ${name}`}
              onClick={() => files.value?.decline(transfer)}
            >
              No
            </button>
          </>
        )}
        {isIn && state.is === 'kept' && (
          <button
            type="button"
            class="meet-small people-primary"
            aria-label={`Save ${name}`}
            title="Open only what you expect, and from whom you know: nobody has looked inside."
            onClick={() => {
              // Not the type that the sender claims: it is saved and never shown.
              if (state.file)
                download(new File([state.file], safeFileName(name), { type: 'application/octet-stream' }));
            }}
          >
            Save
          </button>
        )}
        {!isOver(state) && !(isIn && state.is === 'offered') && (
          <button
            type="button"
            class="meet-small"
            aria-label={`Stop ${name}`}
            onClick={() => files.value?.cancel(transfer)}
          >
            Stop
          </button>
        )}
        {isOver(state) && (
          <button
            type="button"
            class="meet-small"
            aria-label={`Take ${name} off the list`}
            onClick={() => files.value?.forget(transfer)}
          >
            Remove
          </button>
        )}
      </p>
    </article>
  );
}
