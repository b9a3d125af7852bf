// What people do about their own account: names and address, password, second factor, devices, leaving.
import { account, Api } from '../support/api.ts';
import { look } from '../support/look.ts';
import { linkTo } from '../support/mail.ts';
import type { Person } from '../support/people.ts';
import { expect, test } from '../support/test.ts';
import { totp } from '../support/totp.ts';

const ADA = account('Ada Okoye');
const NEW_PASSWORD = 'a boat that nobody has painted';
const REFUSED = /^\/api\/v1\/(auth\/|users\/me|feed)/;

async function openSection(person: Person, name: string, title: string): Promise<void> {
  await person.open(`/settings/${name}`);
  await expect(person.heading(title)).toBeVisible();
  await expect(person.page.locator('[aria-busy="true"]')).toHaveCount(0);
}

test('the settings are found, and lead back', { tag: '@phone' }, async ({ hearth }) => {
  await Api.register(hearth.server, ADA);
  const ada = await hearth.person(ADA);
  await ada.page.goto('/settings/devices');
  await ada.expectSignedOut();
  await ada.fillSignIn();
  await expect(ada.page, 'sign-in leads to where one wanted to go').toHaveURL(/\/settings\/devices$/);
  await expect(ada.heading('Devices')).toBeVisible();
  await ada.open('/settings');
  const narrow = (ada.page.viewportSize()?.width ?? 0) < 760;
  await look(ada.page, 'settings-list');
  const list = narrow ? ada.page.getByRole('main') : ada.page.getByRole('navigation', { name: 'Settings' });
  await list.getByRole('link', { name: /^Security/ }).click();
  await expect(ada.heading('Security')).toBeFocused();
  await expect(ada.page).toHaveTitle('Security · Hearth');
  if (narrow) {
    await ada.page.getByRole('main').getByRole('link', { name: 'Settings' }).click();
    await expect(ada.heading('Settings')).toBeVisible();
  } else {
    await expect(list.getByRole('link', { name: 'Security' })).toHaveAttribute('aria-current', 'page');
  }
  for (const [name, title] of [
    ['account', 'Account'],
    ['profile', 'Profile'],
    ['privacy', 'Privacy'],
    ['notifications', 'Notifications'],
    ['blocked', 'Blocked people'],
    ['muted', 'Muted people'],
    ['security', 'Security'],
    ['devices', 'Devices'],
    ['appearance', 'Appearance'],
    ['data', 'Your data'],
  ] as const) {
    await openSection(ada, name, title);
    await look(ada.page, `settings-${name}`);
  }
  await ada.page.keyboard.press('Escape');
  await ada.expectHome();
  await ada.open('/settings/account');
  await ada.page.getByRole('link', { name: 'Back to Hearth' }).click();
  await ada.expectHome();
});

test('username and address', async ({ hearth }) => {
  hearth.watch.expect(403, REFUSED);
  hearth.watch.expect(409, REFUSED);
  await Api.register(hearth.server, ADA);
  await Api.register(hearth.server, account('Ben'));
  const ada = await hearth.person(ADA);
  await ada.signIn();
  await openSection(ada, 'account', 'Account');

  await ada.button('Change username').click();
  await expect(ada.field('New username')).toBeFocused();
  await ada.field('New username').fill('ben');
  await ada.field('Your password').fill('not the password');
  await ada.button('Save username').click();
  await expect(ada.field('Your password')).toHaveAccessibleDescription(/isn't your password/);
  await expect(ada.field('New username'), 'nothing typed is lost').toHaveValue('ben');
  await expect(ada.field('Your password'), 'but a wrong password').toHaveValue('');
  await ada.field('Your password').fill(ADA.password);
  await ada.button('Save username').click();
  await expect(ada.field('New username')).toHaveAccessibleDescription(/That username is taken/);
  await look(ada.page, 'settings-username');
  await ada.field('New username').fill('ada_of_the_lake');
  await ada.button('Save username').click();
  await expect(ada.page.getByText('@ada_of_the_lake')).toBeVisible();
  await expect(ada.button('Change username')).toBeFocused();

  await ada.button('Change email').click();
  await ada.field('New email').fill('lake@example.org');
  await ada.field('Your password').fill(ADA.password);
  await ada.button('Send the link').click();
  await expect(ada.page.getByText(`Until you open it, ${ADA.email} stays your address.`)).toBeVisible();
  await look(ada.page, 'settings-pending');
  await ada.open(await linkTo(hearth.server, 'lake@example.org', 'verify'));
  await expect(ada.heading('Your address is confirmed')).toBeVisible();
  expect(new URL(ada.page.url()).hash).toBe('');
  await look(ada.page, 'verified');
  await openSection(ada, 'account', 'Account');
  await expect(ada.page.getByText('lake@example.org')).toBeVisible();
  await expect(ada.page.getByText('Confirmed')).toBeVisible();
});

test('a new password signs out the other devices', async ({ hearth }) => {
  hearth.watch.expect(401, REFUSED);
  hearth.watch.expect(403, REFUSED);
  await Api.register(hearth.server, ADA);
  const elsewhere = await hearth.person(ADA);
  await elsewhere.signIn();
  const ada = await hearth.person(ADA);
  await ada.signIn();
  await openSection(ada, 'security', 'Security');
  await ada.field('Current password').fill('not the password');
  await ada.field('New password').fill(NEW_PASSWORD);
  await ada.button('Change password').click();
  await expect(ada.field('Current password')).toBeFocused();
  await expect(ada.field('New password')).toHaveValue(NEW_PASSWORD);
  await ada.field('Current password').fill(ADA.password);
  await ada.button('Change password').click();
  await expect(ada.page.getByText('Your password is changed. Your other devices are signed out.')).toBeVisible();
  await elsewhere.expectSignedOut();
  await ada.page.reload();
  await expect(ada.heading('Security')).toBeVisible();
});

test('devices are listed and signed out', { tag: '@phone' }, async ({ hearth }) => {
  hearth.watch.expect(401, REFUSED);
  await Api.register(hearth.server, ADA);
  const phone = await hearth.person(ADA);
  await phone.signIn();
  const third = await hearth.person(ADA);
  await third.signIn();
  const ada = await hearth.person(ADA);
  await ada.signIn();
  await openSection(ada, 'devices', 'Devices');
  const rows = ada.page.getByRole('main').getByRole('listitem');
  // Registering over the API was a sign-in, too.
  await expect(rows).toHaveCount(4);
  await expect(rows.first()).toContainText('This device');
  await expect(rows.first()).toContainText('Chrome on Linux');
  await rows.nth(2).getByRole('button').click();
  await expect(rows).toHaveCount(3);
  await phone.expectSignedOut();
  await ada.button('Sign out all others').click();
  await expect(rows).toHaveCount(1);
  await expect(ada.page.getByText('Only this device is signed in.')).toBeVisible();
  await third.expectSignedOut();
  await rows.first().getByRole('button').click();
  const question = ada.page.getByRole('dialog', { name: 'Sign out here?' });
  await question.getByRole('button', { name: 'Cancel' }).click();
  await expect(question).toBeHidden();
  await rows.first().getByRole('button').click();
  await question.getByRole('button', { name: 'Sign out' }).click();
  await ada.expectSignedOut();
  await expect(ada.page.getByText("You're signed out.")).toBeVisible();
});

test('the second factor', { tag: '@phone' }, async ({ hearth }) => {
  test.setTimeout(150_000);
  hearth.watch.expect(401, REFUSED);
  await Api.register(hearth.server, ADA);
  const ada = await hearth.person(ADA);
  await ada.signIn();
  await openSection(ada, 'security', 'Security');
  await ada.button('Set up').click();
  await expect(ada.field('Your password')).toBeFocused();
  await ada.field('Your password').fill(ADA.password);
  await ada.button('Continue').click();
  await expect(ada.field('Six-digit code')).toBeFocused();
  const picture = ada.page.getByRole('img', { name: 'QR code' });
  await expect.poll(() => picture.evaluate((image: HTMLImageElement) => image.naturalWidth)).toBeGreaterThan(0);
  await look(ada.page, 'settings-qr');
  const secret = await ada.page.locator('.secret').innerText();
  await ada.field('Six-digit code').fill('12');
  await ada.button('Turn on').click();
  await expect(ada.field('Six-digit code')).toHaveAccessibleDescription(/isn't right/);
  await ada.field('Six-digit code').fill(totp(secret));
  await ada.button('Turn on').click();
  const dialog = ada.page.getByRole('dialog', { name: 'Your recovery codes' });
  await expect(dialog.getByRole('listitem')).toHaveCount(10);
  await ada.page.keyboard.press('Escape');
  await expect(dialog, 'they are shown once, so nothing but the button closes it').toBeVisible();
  await look(ada.page, 'settings-codes');
  const codes = await dialog.getByRole('listitem').allInnerTexts();
  const download = ada.page.waitForEvent('download');
  await dialog.getByRole('button', { name: 'Download' }).click();
  expect((await download).suggestedFilename()).toBe('hearth-recovery-codes.txt');
  await dialog.getByRole('button', { name: 'I have kept them' }).click();
  await expect(ada.page.getByText('You have 10 recovery codes left.')).toBeVisible();

  await test.step('signing in asks for a code', async () => {
    const other = await hearth.person(ADA);
    await other.open('/');
    await other.fillSignIn();
    await expect(other.field('Code')).toBeFocused();
    await look(other.page, 'sign-in-code');
    await other.field('Code').fill('000000');
    await other.button('Sign in').click();
    await expect(other.field('Code')).toHaveAccessibleDescription(/isn't right/);
    await other.field('Code').fill(codes[0] ?? '');
    await other.button('Sign in').click();
    await other.expectHome();
  });

  await test.step('and turning it off asks for one, too', async () => {
    await ada.page.reload();
    await expect(ada.page.getByText('You have 9 recovery codes left.')).toBeVisible();
    await ada.button('Turn off').click();
    await ada.field('Your password').fill(ADA.password);
    // The app's next code: the one of now has been used.
    await ada.field('Code').fill(totp(secret, 1));
    await ada.button('Turn off').click();
    await expect(ada.button('Set up')).toBeVisible();
  });
});

test('the account is deleted, and kept after all', { tag: '@phone' }, async ({ hearth }) => {
  hearth.watch.expect(401, REFUSED);
  hearth.watch.expect(403, REFUSED);
  await Api.register(hearth.server, ADA);
  const ada = await hearth.person(ADA);
  await ada.signIn();
  await openSection(ada, 'data', 'Your data');
  const download = ada.page.waitForEvent('download');
  await ada.button('Download').click();
  expect((await download).suggestedFilename()).toMatch(/^hearth-.*\.zip$/);
  await expect(ada.page.getByText('Your data is downloaded.')).toBeVisible();
  await ada.button('Delete account…').click();
  const dialog = ada.page.getByRole('dialog', { name: 'Delete your account' });
  await look(ada.page, 'settings-delete');
  await dialog.getByLabel('Your password', { exact: true }).fill('not the password');
  await dialog.getByRole('button', { name: 'Delete my account' }).click();
  await expect(dialog.getByLabel('Your password', { exact: true })).toHaveAccessibleDescription(/isn't your password/);
  await dialog.getByLabel('Your password', { exact: true }).fill(ADA.password);
  await dialog.getByRole('button', { name: 'Delete my account' }).click();
  await expect(ada.heading("You're signed out")).toBeVisible();
  await expect(ada.page.getByText(/Your account will be deleted on \d+ \w+ \d+ at/)).toBeVisible();
  await look(ada.page, 'farewell');
  await ada.page.getByRole('link', { name: 'Sign in again' }).click();
  await ada.fillSignIn();
  const keep = ada.page.getByRole('dialog', { name: 'Keep your account?' });
  await expect(keep.getByText(/This account and everything in it goes on \d+ \w+/)).toBeVisible();
  await look(ada.page, 'sign-in-leaving');
  await keep.getByRole('button', { name: 'Keep my account' }).click();
  await ada.expectHome();
});
