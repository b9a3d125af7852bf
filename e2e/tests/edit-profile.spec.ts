// What a person says about themselves: pictures end upright and show the part that was chosen, fields are seen by those
// whom they are for, and the privacy settings do what they say.
import { account, Api } from '../support/api.ts';
import { look } from '../support/look.ts';
import { corners, photo, type Picture } from '../support/pictures.ts';
import type { Person } from '../support/people.ts';
import { expect, test } from '../support/test.ts';

// The recorder of traces reads pictures by their blob: address, which the policy of the page forbids to every script.
test.use({ trace: 'off' });

interface Profile {
  avatar_url: string | null;
  bio: string;
  display_name: string;
  fields: { name: string; value: string }[];
}

async function openProfile(person: Person): Promise<void> {
  await person.open('/settings/profile');
  await expect(person.heading('Profile')).toBeVisible();
  await expect(person.field('Name')).toBeVisible();
}

async function choose(person: Person, input: string, picture: Picture): Promise<void> {
  await person.page.locator(input).setInputFiles(picture);
  await expect(person.page.getByRole('dialog')).toBeVisible();
  await expect(person.page.getByRole('button', { name: 'Zoom in' })).not.toHaveAttribute('aria-disabled');
}

async function savePicture(person: Person): Promise<void> {
  await person.button('Save picture').click();
  await expect(person.page.getByRole('dialog')).toBeHidden({ timeout: 20_000 });
}

/** The address of one's picture, in the larger of its two sizes. */
async function large(api: Api, username: string): Promise<string> {
  const { avatar_url } = await api.call<Profile>('GET', `/users/${username}`);
  expect(avatar_url).toMatch(/-128$/);
  return (avatar_url ?? '').replace(/-128$/, '-512');
}

test('a picture is cut by keys and by hand, and ends upright', { tag: '@phone' }, async ({ hearth }) => {
  const who = account('Ada Okoye');
  const api = await Api.register(hearth.server, who);
  const ada = await hearth.person(who);
  await ada.signIn();
  await openProfile(ada);
  await look(ada.page, 'profile-empty');

  await test.step('by keys: the top left quarter of a photo that lies on its side', async () => {
    await choose(ada, '#choose-picture', await photo(ada.page, 600, 400, 6));
    await look(ada.page, 'crop-picture');
    const stage = ada.page.getByRole('group', { name: 'Part of the picture that is shown' });
    await stage.focus();
    for (let press = 0; press < 9; press++) {
      await ada.page.keyboard.press('+');
    }
    for (let press = 0; press < 9; press++) {
      await ada.page.keyboard.press('Shift+ArrowRight');
      await ada.page.keyboard.press('Shift+ArrowDown');
    }
    await expect(ada.page.locator('#crop-place')).toContainText('from the left');
    await savePicture(ada);
    // Turned to the right, what was at the bottom left is at the top left.
    expect(await corners(ada.page, await large(api, 'ada'))).toEqual(['blue', 'blue', 'blue', 'blue']);
  });

  await test.step('by hand: the bottom right quarter of a heavy one', async () => {
    const before = await large(api, 'ada');
    const heavy = await photo(ada.page, 3600, 2700, 6, true);
    expect(heavy.buffer.length).toBeGreaterThan(1_048_576);
    await choose(ada, '#choose-picture', heavy);
    for (let press = 0; press < 9; press++) {
      await ada.button('Zoom in').click();
    }
    const stage = ada.page.locator('.crop__stage');
    const box = await stage.boundingBox();
    if (!box) {
      throw new Error('no stage');
    }
    for (let stroke = 0; stroke < 4; stroke++) {
      await ada.page.mouse.move(box.x + box.width * 0.7, box.y + box.height * 0.7);
      await ada.page.mouse.down();
      await ada.page.mouse.move(box.x + box.width * 0.3, box.y + box.height * 0.2, { steps: 5 });
      await ada.page.mouse.up();
    }
    const sent = ada.page.waitForRequest((request) => request.method() === 'PUT');
    await savePicture(ada);
    expect(Number((await sent).headers()['content-length'] ?? heavy.buffer.length)).toBeLessThanOrEqual(heavy.buffer.length);
    const after = await large(api, 'ada');
    expect(after).not.toBe(before);
    expect(await corners(ada.page, after)).toEqual(['green', 'green', 'green', 'green']);
    await look(ada.page, 'profile-picture');
  });

  await test.step('the whole of a cover, with the middle in the middle', async () => {
    await choose(ada, '#choose-cover', await photo(ada.page, 1800, 600));
    await look(ada.page, 'crop-cover');
    await savePicture(ada);
    const cover = ada.page.locator('.portraits__cover img');
    await expect(cover).toBeVisible();
    const url = (await cover.getAttribute('src')) ?? '';
    expect(await corners(ada.page, url)).toEqual(['red', 'green', 'blue', 'yellow']);
  });

  await test.step('what is no picture is said at once, and nothing is sent', async () => {
    const file = { name: 'notes.txt', mimeType: 'text/plain', buffer: Buffer.from('not a picture') };
    await ada.page.locator('#choose-picture').setInputFiles(file);
    await expect(ada.page.getByRole('alert').filter({ hasText: "isn't a picture" })).toBeVisible();
    await ada.page.locator('#choose-picture').setInputFiles({ ...file, name: 'fake.png', mimeType: 'image/png' });
    await expect(ada.page.getByRole('dialog').getByText("can't be opened")).toBeVisible();
    await ada.page.keyboard.press('Escape');
    await expect(ada.page.getByRole('dialog')).toBeHidden();
  });

  await test.step('and removed', async () => {
    await ada.button('Remove profile picture').click();
    await ada.page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click();
    await expect(ada.page.getByText('Your profile picture is removed.')).toBeVisible();
    expect((await api.call<Profile>('GET', '/users/ada')).avatar_url).toBeNull();
  });
});

test('fields are seen by those whom they are for; nothing typed is lost', { tag: '@phone' }, async ({ hearth }) => {
  const [ada, ben, cy] = [account('Ada Okoye'), account('Ben Lindqvist'), account('Cyrus Marsh')];
  const [a, b, c] = [await Api.register(hearth.server, ada), await Api.register(hearth.server, ben), await Api.register(hearth.server, cy)];
  await a.befriend(b);
  const person = await hearth.person(ada);
  await person.signIn();
  await openProfile(person);

  await person.field('Bio').fill('Tea first.');
  await person.field('Location').fill('Lagos');
  await person.page.getByLabel('Who sees: Location').selectOption('Everyone');
  await person.field('Work').fill('Bridges');
  await person.field('Pronouns').fill('she/her');
  await person.page.getByLabel('Who sees: Pronouns').selectOption('Only me');
  await person.field('Website').fill('ada.example.org');
  await person.field('Birthday').fill('1990-05-17');
  await person.field('Relationship').selectOption('Married');

  await test.step('leaving asks, and staying loses nothing', async () => {
    const list = person.page.getByRole('navigation', { name: 'Settings' });
    const narrow = (person.page.viewportSize()?.width ?? 0) < 760;
    await (narrow ? person.page.getByRole('main').getByRole('link', { name: 'Settings' }) : list.getByRole('link', { name: 'Privacy' })).click();
    const question = person.page.getByRole('dialog', { name: 'Leave without saving?' });
    await question.getByRole('button', { name: 'Stay' }).click();
    await expect(person.field('Bio')).toHaveValue('Tea first.');
  });

  await test.step('a lost connection loses nothing', async () => {
    hearth.watch.expectLostConnections();
    await person.page.route('**/api/v1/users/me', (route) => (route.request().method() === 'PATCH' ? route.abort() : route.fallback()));
    await person.button('Save changes').click();
    await expect(person.page.getByText('What you typed is still here.')).toBeVisible();
    await expect(person.field('Work')).toHaveValue('Bridges');
    await person.page.unroute('**/api/v1/users/me');
  });

  await test.step('only what differs is sent', async () => {
    const request = person.page.waitForRequest((one) => one.method() === 'PATCH');
    await person.button('Save changes').click();
    const body = (await request).postDataJSON() as Record<string, unknown>;
    expect(Object.keys(body).sort()).toEqual(['audiences', 'bio', 'birthday', 'location', 'pronouns', 'relationship', 'website', 'work']);
    await expect(person.page.getByRole('main').getByText('Saved', { exact: true })).toBeVisible();
    await look(person.page, 'profile-filled');
  });

  const seen = async (api: Api) => {
    const { fields } = await api.call<Profile>('GET', '/users/ada');
    return Object.fromEntries(fields.map(({ name, value }) => [name, value]));
  };
  const forFriends = { location: 'Lagos', work: 'Bridges', website: 'https://ada.example.org', birthday: '05-17', relationship: 'married' };
  expect(await seen(b)).toEqual(forFriends);
  expect(await seen(c)).toEqual({ location: 'Lagos' });

  await test.step('what is wrong is said beside it', async () => {
    await person.field('Name').fill('');
    await person.field('Website').fill('ftp://ada.example.org');
    await person.button('Save changes').click();
    await expect(person.page.getByText('Enter the name people know you by.')).toBeVisible();
    await expect(person.page.getByText('Enter an address that starts with https:// or http://.')).toBeVisible();
    await expect(person.field('Name')).toBeFocused();
    await person.button('Discard').click();
    await expect(person.field('Name')).toHaveValue('Ada Okoye');
  });
});

test('privacy settings take effect at once; who is blocked is listed', { tag: '@phone' }, async ({ hearth }) => {
  const [ada, ben] = [account('Ada Okoye'), account('Ben Lindqvist')];
  const [a, b] = [await Api.register(hearth.server, ada), await Api.register(hearth.server, ben)];
  const person = await hearth.person(ada);
  await person.signIn();
  await person.open('/settings/privacy');
  const group = (name: string) => person.page.getByRole('group', { name });
  const found = async () => (await b.call<{ items: unknown[] }>('GET', '/users?q=okoye')).items.length;
  const saved = () => person.page.waitForResponse((one) => one.request().method() === 'PATCH' && one.ok());
  await expect(group('Who can find you')).toBeVisible();
  await look(person.page, 'privacy');

  expect(await found()).toBe(1);
  let answer = saved();
  await group('Who can find you').getByText('Nobody').click();
  await answer;
  expect(await found()).toBe(0);
  answer = saved();
  await group('Who can send you friend requests').getByText('Nobody').click();
  await answer;
  await expect(b.call('POST', '/friend-requests', { user_id: a.id })).rejects.toThrow('requests_not_accepted');

  await test.step('what does not reach the server is taken back', async () => {
    hearth.watch.expectLostConnections();
    await person.page.route('**/api/v1/users/me/privacy', (route) => (route.request().method() === 'PATCH' ? route.abort() : route.fallback()));
    await group('Who can see your friends').getByText('Only me').click();
    await expect(person.page.getByText('it is as it was before')).toBeVisible();
    await expect(group('Who can see your friends').getByRole('radio', { name: 'Friends', exact: true })).toBeChecked();
    await person.page.unroute('**/api/v1/users/me/privacy');
  });

  await test.step('blocking by name, and taking it back', async () => {
    await person.open('/settings/blocked');
    await expect(person.page.getByText("You haven't blocked anyone.")).toBeVisible();
    await look(person.page, 'blocked-none');
    hearth.watch.expect(404, /^\/api\/v1\/users\/nobody$/);
    await person.field('Username').fill('nobody');
    await person.button('Block').click();
    await expect(person.page.getByText("There's nobody by that username.")).toBeVisible();
    await person.field('Username').fill('@ben');
    await person.button('Block').click();
    await person.page.getByRole('dialog', { name: 'Block Ben?' }).getByRole('button', { name: 'Block' }).click();
    const row = person.page.getByRole('main').getByRole('listitem').filter({ hasText: 'Ben Lindqvist' });
    await expect(row).toBeVisible();
    await look(person.page, 'blocked');
    expect(await b.status('/users/ada')).toBe(404);
    await row.getByRole('button', { name: /^Unblock/ }).click();
    await person.page.getByRole('dialog', { name: 'Unblock Ben?' }).getByRole('button', { name: 'Unblock' }).click();
    await expect(person.page.getByText("You haven't blocked anyone.")).toBeVisible();
    await expect.poll(() => b.status('/users/ada')).toBe(200);
  });
});

test('appearance takes effect at once, in other tabs and in the other program', async ({ hearth }) => {
  const who = account('Ada Okoye');
  await Api.register(hearth.server, who);
  const ada = await hearth.person(who);
  await ada.signIn();
  const home = ada.page;
  const settings = await home.context().newPage();
  await settings.goto('/settings/appearance');
  await expect(settings.getByRole('radio', { name: 'Compact' })).toBeVisible();
  const root = (page: typeof home) => page.locator('html');
  const pick = (name: string) => settings.getByText(name, { exact: true }).click();
  const before = await settings.evaluate(() => getComputedStyle(document.body).fontSize);
  await look(settings, 'appearance');

  await pick('Dark');
  await pick('Largest');
  await pick('Compact');
  await pick('Less');
  for (const page of [settings, home]) {
    await expect(root(page)).toHaveAttribute('data-theme', 'dark');
    await expect(root(page)).toHaveAttribute('data-text', 'largest');
    await expect(root(page)).toHaveAttribute('data-density', 'compact');
    await expect(root(page)).toHaveAttribute('data-motion', 'less');
  }
  const after = await settings.evaluate(() => getComputedStyle(document.body).fontSize);
  expect(parseFloat(after)).toBeCloseTo(parseFloat(before) * 1.375, 1);
  await look(settings, 'appearance-dark-compact');
  await settings.reload();
  await expect(settings.getByRole('radio', { name: 'Compact' })).toBeChecked();
  await pick('Standard');
  await expect(root(home)).not.toHaveAttribute('data-text');
});
