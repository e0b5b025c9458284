import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { expect, test } from 'vitest';
import { snippetsOf } from './snippets.ts';

const folder = 'src/content/docs';
const prelude = 'src/content/snippets.d.ts';

/** Each snippet as a file of its own, by a name that says where it stands: `media/streams.mdx:98.ts`. */
function snippetFiles(): Map<string, { text: string; file: string; line: number }> {
  const lessons = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) =>
    file.endsWith('.mdx'),
  );
  return new Map(
    lessons.flatMap((file) =>
      snippetsOf(readFileSync(join(folder, file), 'utf8')).map(({ line, code }) => {
        const isModule = /^(import|export)\b/m.test(code);
        const text = isModule ? code : `export default async function () {${code}\n}\n`;
        return [join(process.cwd(), folder, `${file}.${line}.ts`), { text, file, line }] as const;
      }),
    ),
  );
}

test('a fence is read with its line, without what it deletes', () => {
  const text =
    'one\n\n```ts run del={1,3-4}\na\nb\nc\nd\n```\n\n- x\n\n  ```ts\n  e\n  ```\n```sdp\nv=0\n```\n';
  expect(snippetsOf(text)).toEqual([
    { line: 4, code: '\nb\n\n\n', runs: true },
    { line: 13, code: 'e\n', runs: false },
  ]);
});

test('every snippet of every lesson is TypeScript that a reader can write', () => {
  const files = snippetFiles();
  const options: ts.CompilerOptions = {
    strict: true,
    noEmit: true,
    skipLibCheck: true,
    target: ts.ScriptTarget.ES2024,
    module: ts.ModuleKind.ESNext,
    moduleDetection: ts.ModuleDetectionKind.Force,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    allowImportingTsExtensions: true,
    lib: ['lib.es2024.d.ts', 'lib.dom.d.ts', 'lib.dom.iterable.d.ts', 'lib.dom.asynciterable.d.ts'],
    types: [],
  };
  const disk = ts.createCompilerHost(options);
  const host: ts.CompilerHost = {
    ...disk,
    fileExists: (name) => files.has(name) || disk.fileExists(name),
    readFile: (name) => files.get(name)?.text ?? disk.readFile(name),
    getSourceFile: (name, ...rest) => {
      const text = files.get(name)?.text;
      return text === undefined
        ? disk.getSourceFile(name, ...rest)
        : ts.createSourceFile(name, text, ts.ScriptTarget.ES2024);
    },
  };
  const program = ts.createProgram([prelude, ...files.keys()], options, host);
  const wrong = [
    ...program.getGlobalDiagnostics(),
    ...program.getSyntacticDiagnostics(),
    ...program.getSemanticDiagnostics(),
  ].map(({ file: source, start = 0, messageText }) => {
    const where = files.get(source?.fileName ?? '');
    const line = (source?.getLineAndCharacterOfPosition(start).line ?? 0) + (where?.line ?? 1);
    return `${where?.file ?? source?.fileName}:${line}: ${ts.flattenDiagnosticMessageText(messageText, ' ')}`;
  });
  expect(wrong).toEqual([]);
  expect(files.size).toBeGreaterThan(10);
}, 60_000);
