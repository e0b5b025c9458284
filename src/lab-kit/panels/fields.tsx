import type { Field } from '../../rtc/sdp/explanation.ts';

/** The parts of a line or of a candidate: name, value, and what it means. */
export function Fields({ fields }: { fields: readonly Field[] }) {
  return (
    <table class="ps-fields">
      <tbody>
        {fields.map(({ name, value, meaning }, index) => (
          <tr key={index}>
            <th scope="row">{name}</th>
            <td>
              <code>{value}</code>
            </td>
            <td>{meaning}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
