// A person's page: its parts, as others see it, and that a new picture is on every open screen at once.
import type { Page } from '@playwright/test';
import { account, Api } from '../support/api.ts';
import { expectNotReloaded, mark } from '../support/live.ts';
import { look } from '../support/look.ts';
import { png } from '../support/picture.ts';
import { expect, test } from '../support/test.ts';

const ADA = account('Ada Okoye');
const BEN = account('Ben Lindqvist');

/** The picture of a person that is shown, wherever one stands. */
const pictures = (page: Page) => page.locator('.av img.here');

test('the parts of a page, and one that is shown to others', { tag: '@phone' }, async ({ hearth }) => {
  const adas = await Api.register(hearth.server, ADA);
  const bens = await Api.register(hearth.server, BEN);
  await adas.befriend(bens);
  await adas.post('Only for friends.');
  await adas.call('PATCH', '/users/me', {
    bio: 'Lake person. Coffee first.',
    location: 'Potsdam',
    work: 'Boat builder',
    website: 'https://ada.example',
    birthday: '1990-05-17',
    audiences: { location: 'everyone', work: 'friends', birthday: 'only_me' },
  });
  await adas.upload('PUT', '/users/me/cover', png(1200, 400, [40, 110, 90]));
  await adas.upload('PUT', '/users/me/avatar', png(300, 300, [180, 70, 40]));
  const ada = await hearth.person(ADA);
  const ben = await hearth.person(BEN);
  await ada.signIn();
  await ben.signIn();

  await test.step('a friend sees what is for friends', async () => {
    await ben.open('/u/ada');
    await expect(ben.page.getByText('Lake person. Coffee first.')).toBeVisible();
    await expect(ben.page.getByText('1 friend', { exact: true })).toBeVisible();
    await expect(ben.post('Only for friends.').card).toBeVisible();
    await expect(ben.page.locator('.cover img')).toBeVisible();
    await look(ben.page, 'profile-posts');
    const parts = ben.page.getByRole('navigation', { name: "Ada's page" });
    await parts.getByRole('link', { name: 'Photos' }).click();
    await expect(ben.page).toHaveURL(/\/u\/ada\/photos$/);
    await expect(ben.page.locator('.photos img')).toHaveCount(2);
    await look(ben.page, 'profile-photos');
    await parts.getByRole('link', { name: 'Friends' }).click();
    await expect(ben.page.getByRole('main').getByRole('listitem').filter({ hasText: BEN.name })).toContainText('You');
    await look(ben.page, 'profile-friends');
    await parts.getByRole('link', { name: 'About' }).click();
    await expect(ben.page.getByText('Potsdam')).toBeVisible();
    await expect(ben.page.getByText('Boat builder')).toBeVisible();
    await expect(ben.page.getByText('17 May 1990')).toHaveCount(0);
    await expect(ben.page.getByRole('link', { name: 'https://ada.example' })).toHaveAttribute('rel', /nofollow/);
    await look(ben.page, 'profile-about');
  });

  await test.step('a photo opens large, goes on with the keys, and Back closes it', async () => {
    await ben.open('/u/ada/photos');
    await ben.page.locator('.photos button').first().click();
    const viewer = ben.page.getByRole('dialog', { name: 'Photo 1 of 2' });
    await expect(viewer).toBeVisible();
    await look(ben.page, 'photo');
    await ben.page.keyboard.press('ArrowRight');
    await expect(ben.page.getByRole('dialog', { name: 'Photo 2 of 2' })).toBeVisible();
    await ben.page.goBack();
    await expect(ben.page.getByRole('dialog')).toHaveCount(0);
    await ben.page.locator('.photos button').last().click();
    await ben.page.keyboard.press('Escape');
    await expect(ben.page.getByRole('dialog')).toHaveCount(0);
    await expect(ben.page).toHaveURL(/\/u\/ada\/photos$/);
    await expect(ben.page.locator('.photos button').last()).toBeFocused();
  });

  await test.step('Ada looks at her page as a friend and as a stranger', async () => {
    await ada.open('/u/ada');
    await expect(ada.page.getByRole('link', { name: 'Edit profile' })).toHaveAttribute('href', '/settings/profile');
    await look(ada.page, 'profile-own');
    await ada.page.getByRole('navigation', { name: "Ada's page" }).getByRole('link', { name: 'About' }).click();
    const row = (value: string) => ada.page.locator('.about__row').filter({ hasText: value });
    await expect(row('17 May 1990')).toContainText('Only me');
    await expect(row('Potsdam')).toContainText('Everyone');
    await look(ada.page, 'profile-own-about');
    await ada.button('View as…').click();
    await ada.page.getByRole('menuitem', { name: 'View as a friend' }).click();
    await expect(ada.page.getByText('This is how a friend sees your page.')).toBeVisible();
    await expect(ada.post('Only for friends.').card).toBeVisible();
    await expect(row('Boat builder')).toBeVisible();
    await ada.button('View as a stranger').click();
    await expect(ada.page.getByText('This is how a stranger sees your page.')).toBeVisible();
    await expect(ada.page.getByRole('article')).toHaveCount(0);
    await expect(ada.page.locator('.cover img')).toHaveCount(0);
    await expect(row('Potsdam')).toBeVisible();
    await expect(row('Boat builder')).toHaveCount(0);
    await look(ada.page, 'profile-as-stranger');
    await ada.page.getByRole('link', { name: 'Back to your page' }).click();
    await expect(ada.page.getByRole('link', { name: 'Edit profile' })).toBeVisible();
  });
});

test('a new picture and a new name are on every open screen at once', { tag: '@phone' }, async ({ hearth }) => {
  const adas = await Api.register(hearth.server, ADA);
  const bens = await Api.register(hearth.server, BEN);
  await adas.befriend(bens);
  await adas.post('Where is everybody?');
  const ada = await hearth.person(ADA);
  const ben = await hearth.person(BEN);
  await ada.signIn();
  await ben.signIn();
  await expect(ben.post('Where is everybody?').card).toBeVisible();
  const elsewhere = await ben.page.context().newPage();
  await elsewhere.goto('/friends');
  await expect(elsewhere.getByRole('main').getByText(ADA.name)).toBeVisible();
  for (const page of [ada.page, ben.page, elsewhere]) {
    await mark(page);
    await expect(pictures(page)).toHaveCount(0);
  }

  await adas.upload('PUT', '/users/me/avatar', png(200, 200, [180, 70, 40]));
  await expect(ben.post('Where is everybody?').card.locator('.post__head .av img.here')).toBeVisible();
  await expect(elsewhere.getByRole('main').locator('.av img.here')).toBeVisible();
  await expect(ada.page.locator('.prompt .av img.here'), 'her own one, too').toBeVisible();
  const first = await ben.post('Where is everybody?').card.locator('.post__head img').getAttribute('src');

  await adas.upload('PUT', '/users/me/avatar', png(200, 200, [40, 110, 90]));
  await expect(ben.post('Where is everybody?').card.locator('.post__head img')).not.toHaveAttribute('src', first ?? '');
  await adas.call('PATCH', '/users/me', { display_name: 'Ada Obi' });
  await expect(ben.post('Where is everybody?').card).toContainText('Ada Obi');
  await expect(elsewhere.getByRole('main').getByText('Ada Obi')).toBeVisible();
  await expect(ada.post('Where is everybody?').card).toContainText('Ada Obi');
  await expectNotReloaded(ada.page, ben.page, elsewhere);
});
