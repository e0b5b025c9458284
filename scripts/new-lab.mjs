/** `npm run new:lab <id>`: copies the template. The folder's name is the lab's id and its URL; no list is edited. */
import { cpSync, existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const [id = ''] = process.argv.slice(2);
const folder = join('src', 'labs', id);
const title = id.replaceAll('-', ' ').replace(/^./, (letter) => letter.toUpperCase());

if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(id))
  fail('Give the lab an id in kebab-case: npm run new:lab ice-restart');
if (existsSync(folder)) fail(`${folder} exists already. Choose another id, or work there.`);

cpSync(join('src', 'labs', '_template'), folder, { recursive: true });
for (const file of readdirSync(folder)) {
  const path = join(folder, file);
  const text = readFileSync(path, 'utf8');
  writeFileSync(path, text.replaceAll('_template', id).replaceAll('The title of this lab', title));
}
console.log(`${folder} is there. It runs already: npm run dev, then open /labs/${id}/

Next:
  1. ${join(folder, 'run.ts')}: write what the lesson shows
  2. ${join(folder, 'lab.ts')}: say what it is, which panels it has
  3. ${join(folder, 'lab.e2e.ts')}: change the expectation
  4. src/content/docs/lessons/<chapter>/${id}.mdx: the lesson, with “lab: ${id}” and <Lab id="${id}" />
  5. npm test`);

/** @param {string} text @returns {never} */
function fail(text) {
  console.error(text);
  process.exit(1);
}
