// How the browser tests run: the machine's own Chromium, one server per test; all of them on a wide light screen, those
// that are tagged @phone on a narrow dark one too, and those of several people with the people on different nodes.
import { defineConfig } from '@playwright/test';
import type { Options } from './support/test.ts';

const chromium = process.env.CHROMIUM ?? '/usr/bin/chromium';

const look = (width: number, height: number, theme: 'light' | 'dark') => ({
  name: `${width}-${theme}`,
  use: {
    viewport: { width, height },
    colorScheme: theme,
    hasTouch: width < 600,
  },
});

export default defineConfig<Options>({
  testDir: 'tests',
  outputDir: 'output/results',
  // With three on two cores clicks come so late that what they are meant for has moved.
  workers: 2,
  retries: 0,
  forbidOnly: true,
  timeout: 180_000,
  expect: { timeout: 10_000 },
  reporter: [['list'], ['html', { outputFolder: 'output/report', open: 'never' }], ['./support/report.ts']],
  use: {
    browserName: 'chromium',
    serviceWorkers: 'block',
    locale: 'en-GB',
    timezoneId: 'Europe/Berlin',
    // A trace films every page, which takes as long as the test itself: it is made when it is asked for.
    trace: process.env.HEARTH_E2E_TRACE ? 'retain-on-failure' : 'off',
    screenshot: 'only-on-failure',
    actionTimeout: 10_000,
    navigationTimeout: 20_000,
    launchOptions: {
      executablePath: chromium,
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
        // A microphone that beeps, and nobody who has to allow it.
        '--use-fake-device-for-media-stream',
        '--use-fake-ui-for-media-stream',
      ],
    },
  },
  projects: [
    look(1360, 900, 'light'),
    // What a phone shows differently; what happens behind it is tested once, above.
    { ...look(390, 844, 'dark'), grep: /@phone/ },
    {
      name: 'two-nodes',
      use: { ...look(1360, 900, 'light').use, setup: 'cluster' },
      testMatch: ['two-people.spec.ts', 'live.spec.ts'],
    },
  ],
});
