import { CheckApp } from './app.tsx';
import { CheckSession } from './session.ts';

/** The check before anything was typed: what the build writes into the page. */
export const IdleCheck = () => <CheckApp session={new CheckSession()} isAlive={false} />;
