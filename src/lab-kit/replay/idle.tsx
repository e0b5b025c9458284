import { ReplayApp } from './app.tsx';
import { ReplaySession } from './session.ts';

/** The replay page before anybody opened a file: what the build writes into the page. */
export const IdleReplay = () => <ReplayApp session={new ReplaySession()} />;
