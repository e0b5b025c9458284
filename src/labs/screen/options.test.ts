import { expect, test } from 'vitest';
import { optionsFor } from './options.ts';

test('asks for what was chosen, and never in a way that browsers refuse', () => {
  const options = optionsFor({ surface: 'window', sound: 'yes' });
  expect(options).toMatchObject({
    video: { displaySurface: 'window', frameRate: { max: 15 } },
    audio: true,
    monitorTypeSurfaces: 'exclude',
    systemAudio: 'include',
  });
  expect(JSON.stringify(options)).not.toMatch(/exact|"min"|advanced|mandatory/);
});

test('asks for no surface in particular when any will do', () => {
  expect(optionsFor({ surface: 'any', sound: 'no' })).toMatchObject({
    video: { frameRate: { max: 15 } },
    audio: false,
    monitorTypeSurfaces: 'include',
  });
});
