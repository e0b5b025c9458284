import { defineConfig } from 'playwright/test';

/** `scripts/test.mjs` finds the browsers and names them here; see scripts/browser.mjs. */
const chromium = process.env['CHROMIUM_PATH'];
const firefox = process.env['FIREFOX_PATH'];

const templates = 'src/labs/_template/**';
/** Tests that look at pages or wait for clocks, and need little of the machine: two at a time do not disturb each other. */
const patient = [
  'tests/e2e/site.e2e.ts',
  'tests/e2e/check.e2e.ts',
  'tests/e2e/exercise-engine.e2e.ts',
  'tests/e2e/exercises.e2e.ts',
];

/** Of those, the ones that are judged by how soon a picture is back. */
const timed = /reconnect-ladder/;

const onChromium = {
  browserName: 'chromium' as const,
  launchOptions: {
    ...(chromium && { executablePath: chromium }),
    args: [
      '--no-sandbox',
      '--disable-background-networking',
      '--use-fake-device-for-media-stream',
      '--autoplay-policy=no-user-gesture-required',
    ],
  },
};

export default defineConfig({
  testDir: '.',
  testMatch: ['src/labs/**/*.e2e.ts', 'tests/e2e/**/*.e2e.ts'],
  testIgnore: templates,
  outputDir: 'test-results',
  // Media has to be encoded and decoded in time: one test at a time has both cores of a small machine.
  workers: 1,
  fullyParallel: false,
  retries: 0,
  forbidOnly: Boolean(process.env['CI']),
  timeout: 60_000,
  expect: { timeout: 10_000 },
  reporter: process.env['PLAYWRIGHT_JSON_OUTPUT_NAME'] ? [['list'], ['json']] : [['list']],
  use: { trace: 'retain-on-failure', screenshot: 'only-on-failure' },
  projects: [
    { name: 'chromium', testIgnore: [templates, ...patient], use: onChromium },
    // Run with more than one worker, see scripts/test.mjs.
    { name: 'patient', testMatch: patient, grepInvert: timed, fullyParallel: true, use: onChromium },
    { name: 'timed', testMatch: patient, grep: timed, use: onChromium },
    {
      // Homes behind NATs, in network namespaces: the tests bring their own browsers and server. See tests/natlab/.
      name: 'natlab',
      testMatch: process.env['NATLAB'] === 'all' ? 'tests/natlab/*.nat.ts' : 'tests/natlab/quick.nat.ts',
      timeout: 120_000,
    },
    {
      // Debian's ESR over WebDriver BiDi; needs a network with an address that is not loopback.
      name: 'firefox',
      grep: /@firefox/,
      use: {
        browserName: 'firefox',
        trace: 'off',
        launchOptions: {
          ...(firefox && { executablePath: firefox }),
          firefoxUserPrefs: {
            'media.navigator.streams.fake': true,
            'media.navigator.permission.disabled': true,
            'media.peerconnection.ice.obfuscate_host_addresses': false,
            'media.autoplay.default': 0,
          },
        },
        channel: 'moz-firefox',
      },
    },
  ],
});
