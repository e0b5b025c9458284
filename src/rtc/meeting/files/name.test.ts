import { expect, test } from 'vitest';
import { safeFileName } from './name.ts';

test.each([
  ['report.pdf', 'report.pdf'],
  ['../../etc/passwd', '-..-etc-passwd'],
  ['C:\\Windows\\cmd.exe', 'C--Windows-cmd.exe'],
  ['photo\u202egpj.exe', 'photogpj.exe'],
  ['a\u0000b\nc.txt', 'abc.txt'],
  ['.bashrc', 'bashrc'],
  ['name.txt. . ', 'name.txt'],
  ['con.txt', '_con.txt'],
  ['<img src=x onerror=alert(1)>', '-img src=x onerror=alert(1)-'],
  ['   ', 'file'],
  ['Übersicht 日本.txt', 'Übersicht 日本.txt'],
])('%j is saved as %j', (name, expected) => {
  expect(safeFileName(name)).toBe(expected);
});

test('a long name is cut and keeps its ending', () => {
  const name = safeFileName(`${'x'.repeat(250)}.tar`);
  expect(name).toHaveLength(119);
  expect(name.endsWith('x.tar')).toBe(true);
});
