// Takes the pictures of the README from a server that shows the demo:
//   cargo xtask run --demo
//   node e2e/readme-pictures.mjs http://127.0.0.1:8080
// A font with emoji must be there (Debian: fonts-noto-color-emoji).
import { chromium } from '@playwright/test';

const [url = 'http://127.0.0.1:8080'] = process.argv.slice(2);
const folder = new URL('../docs/images/', import.meta.url);

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu'],
});

/** A page of Ada's, signed in. */
async function open(width, height, theme) {
  const context = await browser.newContext({
    baseURL: url, viewport: { width, height }, colorScheme: theme, locale: 'en-GB', serviceWorkers: 'block',
  });
  const page = await context.newPage();
  await page.goto('/login');
  await page.getByLabel('Username or email').fill('ada');
  await page.getByLabel('Password', { exact: true }).fill('kitchen table nine');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByText('The lake is finally warm enough.').first().waitFor();
  // The first visit may have shown the system's font; the second has the right one.
  await page.reload();
  await page.getByText('The lake is finally warm enough.').first().waitFor();
  await page.evaluate(() => document.fonts.ready);
  return page;
}

async function take(page, name) {
  await page.waitForTimeout(500);
  await page.screenshot({ path: new URL(`${name}.png`, folder).pathname });
}

async function chat(page) {
  await page.goto('/chats');
  await page.getByRole('link', { name: /Lena/ }).first().click();
  await page.getByText('Platform 2', { exact: false }).last().waitFor();
}

const wide = await open(1360, 900, 'light');
await take(wide, 'home-light');
await chat(wide);
await take(wide, 'chat-light');
await wide.goto('/activity');
await wide.getByText('wants to be your friend').first().waitFor();
await take(wide, 'activity-light');
await take(await open(1360, 900, 'dark'), 'home-dark');
const phone = await open(390, 844, 'dark');
await chat(phone);
await take(phone, 'chat-phone');
await browser.close();
