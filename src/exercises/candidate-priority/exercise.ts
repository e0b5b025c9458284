import { defineExercise } from '../../lab-kit/exercise/define.ts';

const types = [
  ['host', 126],
  ['prflx', 110],
  ['srflx', 100],
  ['relay', 0],
  ['host', 126],
  ['srflx', 100],
] as const;

export default defineExercise({
  kind: 'answer',
  title: 'The priority of six candidates',
  task: [
    'Compute the priority that each of these candidates has by the formula of RFC 8445, section 5.1.2.1. The type preferences are the ones that the RFC recommends; local preferences are chosen by the browser, here by chance.',
  ],
  hints: [
    'The formula puts three numbers side by side: type preference, local preference, and 256 less the component.',
    '`2²⁴ × type preference + 2⁸ × local preference + (256 − component)`',
    'For a host candidate with the highest local preference and component 1: `126 × 16777216 + 65535 × 256 + 255 = 2130706431`.',
  ],
  make(random) {
    return {
      head: ['Type', 'Type preference', 'Local preference', 'Component', 'Priority'],
      rows: types.map(([type, typePreference], index) => {
        const localPreference = Math.floor(random() * 65_536);
        const component = random() < 0.5 ? 1 : 2;
        return {
          id: `candidate-${index + 1}`,
          cells: [type, String(typePreference), String(localPreference), String(component)],
          right: String(2 ** 24 * typePreference + 2 ** 8 * localPreference + 256 - component),
          why: `2²⁴ times ${typePreference}, and 2⁸ times ${localPreference}, and 256 less ${component}.`,
        };
      }),
    };
  },
});
