import { Icon } from './icons.tsx';
import type { Notice, Notices } from './notices.ts';

/** What is told: read out as it comes, and shown over the stage. The two regions are there before anything is said. */
export function NoticeList({ notices }: { readonly notices: Notices }) {
  const { list } = notices;
  const of = (urgency: Notice['urgency']) => list.value.filter((notice) => notice.urgency === urgency);
  return (
    <div class="meet-notices">
      <div role="alert">
        {of('assertive').map((notice) => (
          <NoticeItem key={notice.id} notice={notice} notices={notices} />
        ))}
      </div>
      <div role="status">
        {of('polite').map((notice) => (
          <NoticeItem key={notice.id} notice={notice} notices={notices} />
        ))}
      </div>
    </div>
  );
}

function NoticeItem({ notice, notices }: { readonly notice: Notice; readonly notices: Notices }) {
  const { text, lesson, action, id } = notice;
  const close = () => (notices.list.value = notices.list.value.filter((other) => other.id !== id));
  const act = () => {
    action?.act();
    close();
  };
  return (
    <p class="meet-notice" data-urgency={notice.urgency}>
      <span>
        {text} {lesson && <a href={lesson}>The lesson about this</a>}
      </span>
      {action && (
        <button type="button" class="meet-notice-act" onClick={act}>
          {action.label}
        </button>
      )}
      <button type="button" class="meet-notice-close" aria-label="Close this message" onClick={close}>
        <Icon name="close" />
      </button>
    </p>
  );
}
