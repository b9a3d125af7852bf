// Photos, films and files in messages. Two people, live.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Locator, Page } from '@playwright/test';
import { account, Api } from '../support/api.ts';
import { Chat, chatRow, Talk } from '../support/chat.ts';
import { look } from '../support/look.ts';
import { photo, type Picture } from '../support/pictures.ts';
import type { Person } from '../support/people.ts';
import { expect, test, type Hearth } from '../support/test.ts';

const ADA = account('Ada Okoye');
const BEN = account('Ben Lindqvist');
const FILM = join(import.meta.dirname, '../support/film.webm');
const NOTES: Picture = { name: 'notes.pdf', mimeType: 'application/pdf', buffer: Buffer.from('%PDF-1.4 the notes') };

/** Two friends who look at the same conversation. */
async function together(hearth: Hearth, ...said: string[]) {
  const adas = await Api.register(hearth.server, ADA);
  const bens = await Api.register(hearth.server, BEN);
  await adas.befriend(bens);
  const talk = await Talk.between(bens, adas);
  await talk.say(...said);
  const [ada, ben] = [await hearth.person(ADA), await hearth.person(BEN)];
  await ada.signIn();
  await ben.signIn();
  const [hers, his] = [new Chat(ada, 'Ben'), new Chat(ben, 'Ada')];
  for (const [person, chat] of [[ada, hers], [ben, his]] as const) {
    await person.open(talk.path);
    await chat.expectOpen();
  }
  return { talk, ada, ben, hers, his };
}

const tray = (person: Person): Locator => person.page.getByRole('list', { name: 'Attachments' });
const tiles = (person: Person): Locator => tray(person).getByRole('listitem');
const send = (person: Person): Locator => person.page.getByRole('button', { name: 'Send', exact: true });
const choose = (person: Person, ...files: Picture[]): Promise<void> =>
  person.page.locator('#message-files').setInputFiles(files);

/** A message, as a screen reader says it. */
const spoken = (chat: Chat, name: string | RegExp): Locator => chat.log().getByRole('article', { name });

/** Pictures of a message that have come. */
async function expectShown(message: Locator, count: number): Promise<void> {
  const pictures = message.locator('img.picture');
  await expect(pictures).toHaveCount(count);
  for (let at = 0; at < count; at += 1) {
    await expect.poll(() => pictures.nth(at).evaluate((one: HTMLImageElement) => one.naturalWidth)).toBeGreaterThan(0);
  }
}

async function drop(page: Page, onto: string, files: Picture[]): Promise<void> {
  const plain = files.map(({ name, mimeType, buffer }) => ({ name, mimeType, base64: buffer.toString('base64') }));
  const dataTransfer = await page.evaluateHandle((files) => {
    const data = new DataTransfer();
    for (const { name, mimeType, base64 } of files) {
      const bytes = Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
      data.items.add(new File([bytes], name, { type: mimeType }));
    }
    return data;
  }, plain);
  await page.dispatchEvent(onto, 'dragover', { dataTransfer });
  await page.dispatchEvent(onto, 'drop', { dataTransfer });
}

/** What one can do with a message: pointed at, or pressed with a finger. */
async function reach(message: Locator): Promise<Locator> {
  // Its end: the middle of a picture opens it.
  const body = message.locator('.msg__body');
  if (await message.page().evaluate(() => matchMedia('(hover: hover)').matches)) {
    await body.hover();
  } else {
    await message.evaluate((one: HTMLElement) => one.focus());
  }
  const acts = message.locator('.msg__acts');
  await expect(acts).toBeVisible();
  return acts;
}

test('a photo, a film and a file go over together, and come live', async ({ hearth }) => {
  const { ada, ben, hers, his } = await together(hearth, 'Show me');
  const { page } = ada;
  const lake = { ...(await photo(page, 640, 480)), name: 'lake.jpg' };

  await test.step('chosen, dropped and described', async () => {
    await choose(ada, lake, NOTES);
    await drop(page, '.log', [{ name: 'film.webm', mimeType: 'video/webm', buffer: await readFile(FILM) }]);
    await expect(tiles(ada)).toHaveCount(3);
    await tray(ada).getByRole('button', { name: 'Describe photo 1 of 3' }).click();
    const dialog = page.getByRole('dialog', { name: 'Describe it' });
    await dialog.getByLabel('What can be seen?').fill('A lake at dawn');
    await dialog.getByRole('button', { name: 'Done' }).click();
    await expect(send(ada)).not.toHaveAttribute('aria-disabled', { timeout: 20_000 });
    await look(page, 'chat-tray');
  });

  await test.step('sent without a word: no empty bubble, and it is there for both', async () => {
    await hers.field().press('Enter');
    await expect(tray(ada)).toBeHidden();
    for (const [chat, name] of [[hers, 'You'], [his, 'Ada']] as const) {
      const message = spoken(chat, new RegExp(`^${name}, Photo, Video, File: notes\\.pdf, `));
      await expect(message).toBeVisible();
      await expect(message.locator('.bub')).toHaveCount(0);
      await expect(message.getByRole('img', { name: 'A lake at dawn' })).toBeVisible();
      await expectShown(message, 1);
      const video = message.locator('video');
      await expect(video).toHaveAttribute('src', /^\/api\//);
      await expect(video).not.toHaveAttribute('autoplay');
    }
    await look(page, 'chat-attachments');
  });

  await test.step('the film plays, and the file has its bytes', async () => {
    const video = his.log().locator('video');
    await video.evaluate((film: HTMLVideoElement) => film.play());
    await expect.poll(() => video.evaluate((film: HTMLVideoElement) => film.currentTime)).toBeGreaterThan(0);
    const downloading = ben.page.waitForEvent('download');
    await his.log().getByRole('link', { name: 'Download notes.pdf, 18 bytes' }).click();
    const download = await downloading;
    expect(download.suggestedFilename()).toBe('notes.pdf');
    expect((await readFile(await download.path())).toString()).toBe('%PDF-1.4 the notes');
  });

  await test.step('the list says what it is', async () => {
    await expect(chatRow(page, BEN.name)).toContainText('You: Photo, Video, File: notes.pdf');
    await expect(chatRow(ben.page, ADA.name)).toContainText('Photo, Video, File: notes.pdf');
  });

  await test.step('said instead of written: kept when one leaves, sent, and played', async () => {
    await page.getByRole('button', { name: 'Record a voice message' }).click();
    const bar = page.getByRole('group', { name: 'Recording' });
    await bar.getByRole('button', { name: 'Cancel' }).click();
    await expect(bar).toBeHidden();
    await expect(tiles(ada)).toHaveCount(0);
    await page.getByRole('button', { name: 'Record a voice message' }).click();
    await expect(bar.getByRole('timer')).toHaveText('0:01');
    await look(page, 'chat-recording');
    await ada.follow('Friends');
    await ada.follow(/^Chats/);
    await chatRow(page, BEN.name).getByRole('link').click();
    await expect(tray(ada).getByRole('listitem', { name: 'Voice message' })).toBeVisible();
    await expect(send(ada)).not.toHaveAttribute('aria-disabled');
    await send(ada).click();
    const voice = spoken(his, /^Ada, Voice message, /).locator('audio');
    await expect(voice).toHaveAttribute('aria-label', /^Voice message, 0:0\d$/);
    await voice.evaluate((sound: HTMLAudioElement) => sound.play());
    await expect.poll(() => voice.evaluate((sound: HTMLAudioElement) => sound.currentTime)).toBeGreaterThan(0);
    await look(ben.page, 'chat-voice');
    await expect(chatRow(ben.page, ADA.name)).toContainText('Voice message');
  });
});

test('photos are opened, answered, and gone for both when they are removed', { tag: '@phone' }, async ({ hearth }) => {
  const { ada, ben, hers, his } = await together(hearth, 'Show me');
  const one = await photo(ada.page, 640, 480);
  await choose(ada, { ...one, name: 'a.jpg' }, { ...one, name: 'b.jpg' }, { ...one, name: 'c.jpg' });
  await expect(tiles(ada)).toHaveCount(3);
  await expect(send(ada)).not.toHaveAttribute('aria-disabled');
  await look(ada.page, 'chat-tray-photos');
  await hers.send('From the lake');
  const his3 = spoken(his, /^Ada, 3 photos · From the lake, /);
  const hers3 = spoken(hers, /^You, 3 photos · From the lake, /);

  await test.step('they come live', async () => {
    await expect(his3).toBeVisible();
    await expectShown(his3, 3);
    await expectShown(hers3, 3);
    await look(ben.page, 'chat-photos');
  });

  await test.step('one is opened; the next one; Back closes it', async () => {
    await his3.getByRole('button', { name: 'Open photo 2 of 3' }).click();
    await expect(ben.page.getByRole('dialog', { name: 'Photo 2 of 3' })).toBeVisible();
    await ben.page.keyboard.press('ArrowRight');
    await expect(ben.page.getByRole('dialog', { name: 'Photo 3 of 3' })).toBeVisible();
    await expect(ben.page).toHaveURL(/picture=\d+/);
    await ben.page.goBack();
    await expect(ben.page.getByRole('dialog')).toHaveCount(0);
    await expect(his3).toBeVisible();
    await expect(ben.page).not.toHaveURL(/picture=/);
  });

  await test.step('who comes by the address of a picture sees it, and the chat beneath', async () => {
    await his3.getByRole('button', { name: 'Open photo 1 of 3' }).click();
    await expect(ben.page.getByRole('dialog', { name: 'Photo 1 of 3' })).toBeVisible();
    await ben.page.reload();
    await expect(ben.page.getByRole('dialog', { name: 'Photo 1 of 3' })).toBeVisible();
    await ben.page.keyboard.press('Escape');
    await expect(ben.page.getByRole('dialog')).toHaveCount(0);
    await his.expectOpen();
    await expectShown(his3, 3);
  });

  await test.step('an answer says what it answers', async () => {
    await expect(async () => {
      const acts = await reach(his3);
      await acts.getByRole('button', { name: 'Reply' }).click({ timeout: 2_000 });
      await expect(ben.page.getByText('Replying to Ada')).toBeVisible({ timeout: 2_000 });
    }).toPass();
    await expect(ben.page.locator('.aim')).toContainText('Photo · From the lake');
    await his.send('Lovely');
    await expect(hers.message('Lovely').getByRole('button', { name: 'Reply to You: Photo · From the lake' })).toBeVisible();
  });

  await test.step('removed: nothing of it is left, for both', async () => {
    await expect(async () => {
      const acts = await reach(hers3);
      await acts.getByRole('button', { name: 'More for this message' }).click({ timeout: 2_000 });
      await hers3.getByRole('menuitem', { name: 'Delete' }).click({ timeout: 2_000 });
    }).toPass();
    await ada.page.getByRole('dialog', { name: 'Delete this message?' }).getByRole('button', { name: 'Delete' }).click();
    for (const chat of [hers, his]) {
      await expect(chat.message('Message deleted')).toBeVisible();
      await expect(chat.log().locator('img.picture')).toHaveCount(0);
      await expect(chat.message('Lovely').locator('.quote')).toContainText('Message deleted');
    }
  });
});

test('what is on its way goes on while one is elsewhere, and holds the message up', async ({ hearth }) => {
  const { ada, hers, his, talk } = await together(hearth, 'Show me');
  const { page } = ada;
  const one = await photo(page, 320, 240);

  await test.step('it holds the message up, and Enter says so', async () => {
    let go = () => {};
    const may = new Promise<void>((resolve) => (go = resolve));
    await page.route('**/api/v1/media', async (route) => {
      await may;
      await route.continue();
    });
    await choose(ada, { ...one, name: 'slow.jpg' });
    await expect(tiles(ada)).toHaveCount(1);
    await hers.field().fill('With a picture');
    await expect(send(ada)).toHaveAttribute('aria-disabled', 'true');
    await expect(send(ada)).toHaveAttribute('title', 'Uploading 1 file…');
    await hers.field().press('Enter');
    await expect(hers.field()).toHaveValue('With a picture');
    await expect(page.getByText('Uploading 1 file…')).toBeAttached();
    expect(await talk.texts()).toEqual(['Show me']);
    // Elsewhere, and back.
    await page.keyboard.press('Escape');
    await ada.follow('Friends');
    await expect(tray(ada)).toBeHidden();
    go();
    await ada.follow(/^Chats/);
    await chatRow(page, BEN.name).getByRole('link').click();
    await hers.expectOpen();
    await expect(tiles(ada)).toHaveCount(1);
    await expect(send(ada)).not.toHaveAttribute('aria-disabled');
    await page.unroute('**/api/v1/media');
  });

  await test.step('what has arrived survives a reload', async () => {
    await page.reload();
    await hers.expectOpen();
    await expect(tiles(ada)).toHaveCount(1);
    await expect(hers.field()).toHaveValue('With a picture');
    await expect(send(ada)).not.toHaveAttribute('aria-disabled');
    await hers.field().press('Enter');
    await expect(tray(ada)).toBeHidden();
    await expectShown(spoken(his, /^Ada, Photo · With a picture, /), 1);
  });

  await test.step('its text can go: the picture speaks for itself', async () => {
    const message = spoken(hers, /^You, Photo · With a picture, /);
    await expect(async () => {
      const acts = await reach(message);
      await acts.getByRole('button', { name: 'More for this message' }).click({ timeout: 2_000 });
      await message.getByRole('menuitem', { name: 'Edit' }).click({ timeout: 2_000 });
    }).toPass();
    const field = page.getByRole('textbox', { name: 'Editing your message' });
    await expect(page.getByRole('button', { name: 'Add photos or files' })).toHaveCount(0);
    await field.fill('');
    await field.press('Enter');
    await expect(spoken(his, /^Ada, Photo, /)).toBeVisible();
    await expect(spoken(hers, /^You, Photo, /)).toBeVisible();
  });

  await test.step('what only says that it is a picture goes as a file', async () => {
    hearth.watch.expect(422, /^\/api\/v1\/media$/);
    await choose(ada, { name: 'fake.png', mimeType: 'image/png', buffer: Buffer.from('no picture at all') });
    await expect(tray(ada).getByRole('listitem', { name: 'File fake.png' })).toBeVisible();
    await expect(send(ada)).not.toHaveAttribute('aria-disabled');
    await send(ada).click();
    await expect(his.log().getByRole('link', { name: 'Download fake.png, 17 bytes' })).toBeVisible();
  });
});
