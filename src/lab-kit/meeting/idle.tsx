import '../app.css';
import './meeting.css';

/** The page before its code is there: what the build writes into it. It does not know the address yet. */
export const IdleMeet = () => (
  <div class="meet-idle">
    <p role="status">The meeting is being prepared …</p>
  </div>
);
