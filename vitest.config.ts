import { playwright } from '@vitest/browser-playwright';
import { defineConfig } from 'vitest/config';

/** `scripts/run.mjs` finds the browser and names it here; see scripts/browser.mjs. */
const executablePath = process.env['CHROMIUM_PATH'];

export default defineConfig({
  test: {
    reporters: process.env['VITEST_JSON']
      ? ['default', ['json', { outputFile: process.env['VITEST_JSON'] }]]
      : ['default'],
    projects: [
      {
        test: {
          name: 'unit',
          environment: 'node',
          // A machine may be slow, and two of them and a browser share it.
          testTimeout: 20_000,
          include: [
            'src/**/*.test.ts',
            'server/**/*.test.ts',
            'scripts/**/*.test.ts',
            'tests/unit/**/*.test.ts',
            'tests/natlab/**/*.test.ts',
          ],
          exclude: ['**/*.browser.test.ts'],
        },
      },
      {
        test: {
          name: 'browser',
          include: ['src/**/*.browser.test.{ts,tsx}'],
          browser: {
            enabled: true,
            headless: true,
            screenshotFailures: false,
            provider: playwright({
              launchOptions: {
                ...(executablePath ? { executablePath } : {}),
                args: [
                  '--no-sandbox',
                  '--autoplay-policy=no-user-gesture-required',
                  '--use-fake-device-for-media-stream',
                  '--disable-background-networking',
                ],
              },
            }),
            instances: [{ browser: 'chromium' }],
          },
        },
      },
    ],
  },
});
