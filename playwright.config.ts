import { defineConfig } from 'playwright/test';

/** `scripts/test.mjs` finds the browsers and names them here; see scripts/browser.mjs. */
const chromium = process.env['CHROMIUM_PATH'];
/** The part of Chromium that draws pages, without a window: it does the same with a fifth less of the processor. */
const shell = process.env['CHROMIUM_SHELL_PATH'] ?? chromium;
const firefox = process.env['FIREFOX_PATH'];

const templates = 'src/labs/_template/**';
/**
 * Tests that are judged by how soon something is back, or that take the machine's network for themselves.
 * All others wait for events, and two of them at a time do not disturb each other.
 */
const alone =
  /(ice-restart|relay)\/lab|broken-network: |lossy-wire|e2e\/restart|reconnect-ladder: |peerjs-survives-a-cut: |perfect-negotiation: |meet-robust|offline|frames a second/;

/** It has no permission to give for a camera of the machine: that takes the browser with its window. */
const withCamera = /@camera/;

/**
 * Playwright's own list, which an argument of ours replaces, and the popup of the address bar: Chromium 156 loads a page of
 * its own for it with each window, which takes more of the processor than many a test.
 */
const withoutFeatures = [
  'AvoidUnnecessaryBeforeUnloadCheckSync',
  'DestroyProfileOnBrowserClose',
  'DialMediaRouteProvider',
  'GlobalMediaControls',
  'HttpsUpgrades',
  'LensOverlay',
  'MediaRouter',
  'PaintHolding',
  'ThirdPartyStoragePartitioning',
  'BlockOriginHeaderModificationOnRedirect',
  'AvoidCorsURLLoaderRestartOnRedirect',
  'Translate',
  'AutoDeElevate',
  'OptimizationHints',
  'NetworkTimeServiceQuerying',
  'AimEnabled',
  'WebUIOmniboxPopup',
  'WebUIOmniboxAimPopup',
  'WebUIOmniboxFullPopup',
];

const onChromium = (executablePath: string | undefined) => ({
  browserName: 'chromium' as const,
  launchOptions: {
    ...(executablePath && { executablePath }),
    args: [
      '--no-sandbox',
      '--disable-background-networking',
      `--disable-features=${withoutFeatures.join(',')}`,
      '--use-fake-device-for-media-stream',
      '--autoplay-policy=no-user-gesture-required',
    ],
  },
});

/** Debian's ESR over WebDriver BiDi; needs a network with an address that is not loopback. */
const onFirefox = {
  browserName: 'firefox' as const,
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
};

export default defineConfig({
  testDir: '.',
  testMatch: ['src/labs/**/*.e2e.ts', 'tests/e2e/**/*.e2e.ts'],
  testIgnore: templates,
  outputDir: 'test-results',
  workers: 1,
  fullyParallel: false,
  retries: 0,
  forbidOnly: Boolean(process.env['CI']),
  timeout: 120_000, // a machine may be slow; what a test waits for has limits of its own
  expect: { timeout: 20_000 },
  reporter: process.env['PLAYWRIGHT_JSON_OUTPUT_NAME'] ? [['list'], ['json']] : [['list']],
  // A trace of each test takes a good part of a small machine: `npx playwright test --trace=retain-on-failure` makes them.
  use: { screenshot: 'only-on-failure' },
  projects: [
    // Each with two workers, see scripts/test.mjs; tests of one file go side by side only where `fullyParallel` says so.
    { name: 'chromium', grepInvert: [alone, withCamera], fullyParallel: true, use: onChromium(shell) },
    {
      name: 'chromium-alone',
      grep: [alone, withCamera],
      grepInvert: /@firefox alone$/,
      use: onChromium(chromium),
    },
    // Through a real Janus, in a private network: see scripts/test.mjs.
    { name: 'janus', testMatch: 'tests/janus/*.e2e.ts', use: onChromium(shell) },
    { name: 'janus-firefox', testMatch: 'tests/janus/*.e2e.ts', use: onFirefox },
    {
      // Homes behind NATs, in network namespaces: the tests bring their own browsers and server. See tests/natlab/.
      name: 'natlab',
      testMatch: process.env['NATLAB'] === 'all' ? 'tests/natlab/*.nat.ts' : 'tests/natlab/quick.nat.ts',
      timeout: 120_000,
    },
    { name: 'firefox', grep: /@firefox/, grepInvert: alone, fullyParallel: true, use: onFirefox },
    { name: 'firefox-alone', grep: new RegExp(`(?=.*(${alone.source})).*@firefox`), use: onFirefox },
  ],
});
