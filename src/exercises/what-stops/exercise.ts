import { defineExercise } from '../../lab-kit/exercise/define.ts';

export default defineExercise({
  kind: 'predict',
  title: 'What goes on, what stops',
  task: [
    'alice sends `sent`, a clone of her camera’s track, with `addTrack(sent, stream)`. Her own page shows the camera’s track. What does each call do?',
  ],
  hints: [
    'A clone is a track of its own with the same source.',
    'What does bob’s browser hear of a change that is not negotiated?',
    'The camera is given back when the last of its tracks has been stopped.',
  ],
  questions: [
    {
      id: 'enabled',
      text: '`sent.enabled = false`. What does bob see?',
      choices: [
        {
          text: 'His `track.muted` becomes true, and the last picture stays.',
          why: 'His track hears nothing of it: `muted` stays false, and black frames arrive.',
        },
        {
          text: 'Black. His track stays live and unmuted.',
          right: true,
          why: 'A disabled track gives black frames, and they are sent. Only your own message can tell bob the reason.',
        },
        {
          text: 'Nothing changes: `enabled` works for sound only.',
          why: 'Disabled sound is silence, a disabled picture is black.',
        },
      ],
    },
    {
      id: 'own',
      text: '`sent.enabled = false`. What does alice see in her own page?',
      choices: [
        {
          text: 'Her picture, as before.',
          right: true,
          why: 'Clones have an `enabled` of their own.',
        },
        { text: 'Black.', why: 'Her page shows the camera’s track; only the clone is disabled.' },
      ],
    },
    {
      id: 'stop',
      text: '`sent.stop()`. What does bob see, and does the camera’s light go out?',
      choices: [
        {
          text: 'His track fires `ended`; the light goes out.',
          why: 'A track that is stopped at one end ends nothing at the other, and the camera is still in use.',
        },
        {
          text: 'The last picture stays and no event fires; the light stays on.',
          right: true,
          why: 'bob’s track is still live: it waits for packets that do not come. alice’s own track still uses the camera.',
        },
        {
          text: 'Black frames; the light stays on.',
          why: 'A track that has ended gives no frames, not even black ones.',
        },
      ],
    },
    {
      id: 'null',
      text: 'bob sets `video.srcObject = null`. What becomes of the track that he receives?',
      choices: [
        { text: 'It ends.', why: 'An element is only one of the places where a track can go.' },
        {
          text: 'It stays live, and its frames are still sent to him.',
          right: true,
          why: 'Only his screen is dark. To save the traffic, direction or sender has to change.',
        },
      ],
    },
    {
      id: 'remove',
      text: '`pc.removeTrack(sender)` at alice’s end, and a new offer and answer. What becomes of bob’s track?',
      choices: [
        {
          text: 'It is ended.',
          why: 'The transceiver lives on and may send again, so its receiver’s track does, too.',
        },
        {
          text: 'It is muted, leaves its stream, and stays live.',
          right: true,
          why: '`mute` fires on the track and `removetrack` on the stream (webrtc-pc §4.4.1.5, setting a description).',
        },
        {
          text: 'Nothing at all: that needs `stop()`.',
          why: 'The new direction is in the offer. Until it is negotiated, nothing happens at bob’s end indeed.',
        },
      ],
    },
  ],
});
