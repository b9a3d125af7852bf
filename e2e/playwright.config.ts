// How the browser tests run: the machine's own Chromium, one server per test, two widths and two themes; and those
// with several people once more with the people on different nodes.
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
  workers: 2,
  retries: 0,
  forbidOnly: true,
  timeout: 90_000,
  expect: { timeout: 10_000 },
  reporter: [['list'], ['html', { outputFolder: 'output/report', open: 'never' }]],
  use: {
    browserName: 'chromium',
    serviceWorkers: 'block',
    locale: 'en-GB',
    timezoneId: 'Europe/Berlin',
    trace: 'retain-on-failure',
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
      ],
    },
  },
  projects: [
    look(1360, 900, 'light'),
    { ...look(1360, 900, 'dark'), testMatch: 'two-people.spec.ts' },
    { ...look(390, 844, 'light'), testMatch: 'two-people.spec.ts' },
    {
      ...look(390, 844, 'dark'),
      testMatch: [
        'two-people.spec.ts',
        'live.spec.ts',
        'cards.spec.ts',
        'compose.spec.ts',
        'edit-profile.spec.ts',
        'friends.spec.ts',
        'profile.spec.ts',
        'reset.spec.ts',
        'settings.spec.ts',
      ],
    },
    {
      name: 'two-nodes',
      use: { ...look(1360, 900, 'light').use, setup: 'cluster' },
      testMatch: ['two-people.spec.ts', 'live.spec.ts'],
    },
  ],
});
