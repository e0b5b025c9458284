import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'playwright/test';

/** Ids that the labs and tools make when they come to life. */
const MADE_LATER = /^(?:tab|panel)-/;

interface Page {
  readonly links: readonly string[];
  readonly ids: ReadonlySet<string>;
}

/** All pages of the built site by their path, with what they refer to and what can be referred to. */
function builtPages(): Map<string, Page> {
  const files = readdirSync('dist', { recursive: true, encoding: 'utf8' }).filter((file) =>
    file.endsWith('.html'),
  );
  return new Map(
    files.map((file) => {
      const html = readFileSync(join('dist', file), 'utf8').replace(/<(script|style)\b[\s\S]*?<\/\1>/g, '');
      const values = (pattern: RegExp) =>
        Array.from(html.matchAll(pattern), ([, value = '']) => decoded(value));
      const path = `/${file.replaceAll('\\', '/').replace(/(^|\/)index\.html$/, '$1')}`;
      return [path, { links: values(/\s(?:href|src)="([^"]*)"/g), ids: new Set(values(/\sid="([^"]*)"/g)) }];
    }),
  );
}

const decoded = (value: string) => value.replaceAll('&amp;', '&').replaceAll('&#38;', '&');

test('every link of the built site leads to a page or a file, and every anchor is there', () => {
  const pages = builtPages();
  const broken: string[] = [];
  for (const [path, { links }] of pages) {
    for (const link of new Set(links)) {
      const url = new URL(link, `http://here${path}`);
      if (url.host !== 'here' || url.protocol !== 'http:') continue;
      const target = pages.get(url.pathname) ?? pages.get(`${url.pathname}/`);
      const anchor = decodeURIComponent(url.hash.slice(1));
      if (!target && !existsSync(join('dist', decodeURIComponent(url.pathname))))
        broken.push(`${path}: ${link}`);
      else if (target && anchor && !target.ids.has(anchor) && !MADE_LATER.test(anchor))
        broken.push(`${path}: ${link} (no such anchor)`);
    }
  }
  expect(broken).toEqual([]);
  expect(pages.size).toBeGreaterThan(30);
});
