// Writing a post: pictures and films, who may see it, people and emoji in its text, and a draft that nothing loses.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { JSHandle, Locator, Page } from '@playwright/test';
import { account, Api } from '../support/api.ts';
import { look } from '../support/look.ts';
import { photo, type Picture } from '../support/pictures.ts';
import { Person } from '../support/people.ts';
import { expect, test, type Hearth } from '../support/test.ts';

const ADA = account('Ada Okoye');
const BEN = account('Ben Lindqvist');
const FILM = join(import.meta.dirname, '../support/film.webm');

/** A white pixel as BMP. */
const BITMAP =
  '424d3a000000000000003600000028000000010000000100000001001800000000000400000013' + '0b0000130b00000000000000000000ffffff00';

async function two(hearth: Hearth): Promise<{ ada: Person; ben: Person; adas: Api }> {
  const adas = await Api.register(hearth.server, ADA);
  await adas.befriend(await Api.register(hearth.server, BEN));
  const ada = await hearth.person(ADA);
  await ada.signIn();
  const ben = await hearth.person(BEN);
  await ben.signIn();
  return { ada, ben, adas };
}

/** Files as the system hands them over when they are dragged or pasted. */
function transfer(page: Page, files: Picture[]): Promise<JSHandle<DataTransfer>> {
  const plain = files.map(({ name, mimeType, buffer }) => ({ name, mimeType, base64: buffer.toString('base64') }));
  return page.evaluateHandle((files) => {
    const data = new DataTransfer();
    for (const { name, mimeType, base64 } of files) {
      const bytes = Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
      data.items.add(new File([bytes], name, { type: mimeType }));
    }
    return data;
  }, plain);
}

async function drop(page: Page, onto: string, files: Picture[]): Promise<void> {
  const dataTransfer = await transfer(page, files);
  await page.dispatchEvent(onto, 'dragover', { dataTransfer });
  await page.dispatchEvent(onto, 'drop', { dataTransfer });
}

async function paste(page: Page, files: Picture[]): Promise<void> {
  const data = await transfer(page, files);
  await page.evaluate((clipboardData) => {
    const event = new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true });
    document.activeElement?.dispatchEvent(event);
  }, data);
}

const tray = (person: Person): Locator => person.composer().getByRole('list', { name: 'Photos and video' });
const tiles = (person: Person): Locator => tray(person).getByRole('listitem');
const post = (person: Person): Locator => person.composer().getByRole('button', { name: 'Post', exact: true });

test('pictures are dropped, pasted and chosen, described, moved and posted', { tag: '@phone' }, async ({ hearth }) => {
  const { ada, ben } = await two(hearth);
  const { page } = ada;
  const one = await photo(page, 640, 480);
  const named = (name: string): Picture => ({ ...one, name });

  await test.step('dropped on Home, pasted into the text, chosen from the disk', async () => {
    await drop(page, '.prompt', [named('lake.jpg')]);
    await expect(tiles(ada)).toHaveCount(1);
    await ada.composerText().click();
    await paste(page, [named('pier.jpg')]);
    await expect(tiles(ada)).toHaveCount(2);
    // The system's window to choose files is left without a choice: that closes nothing else.
    await page.locator('#composer-files').dispatchEvent('cancel', { bubbles: true });
    await page.locator('#composer-files').setInputFiles([named('boat.jpg')]);
    await expect(tiles(ada)).toHaveCount(3);
    await expect(page.getByRole('dialog')).toHaveCount(1);
    await expect(post(ada)).not.toHaveAttribute('aria-disabled');
    await look(page, 'composer-three');
  });

  await test.step('one that is on its way is cancelled', async () => {
    hearth.watch.expectLostConnections();
    let begun = () => {};
    const begins = new Promise<void>((resolve) => (begun = resolve));
    await page.route('**/api/v1/media', () => begun());
    await drop(page, '#composer', [named('slow.jpg')]);
    await begins;
    await expect(tiles(ada)).toHaveCount(4);
    await expect(post(ada)).toHaveAttribute('aria-disabled', 'true');
    await expect(ada.composer().getByText('Uploading 1 file…')).toBeVisible();
    await look(page, 'composer-uploading');
    await tray(ada).getByRole('button', { name: 'Cancel upload of photo 4 of 4' }).click();
    await expect(tiles(ada)).toHaveCount(3);
    await page.unroute('**/api/v1/media');
    await expect(post(ada)).not.toHaveAttribute('aria-disabled');
  });

  await test.step('one that does not arrive says why, and is tried again', async () => {
    await page.route('**/api/v1/media', (route) => route.abort());
    await drop(page, '#composer', [named('lost.jpg')]);
    await expect(ada.composer().getByRole('alert')).toContainText("There's no connection to the server");
    await look(page, 'composer-failed');
    await expect(post(ada)).toHaveAttribute('aria-disabled', 'true');
    await page.unroute('**/api/v1/media');
    await ada.composer().getByRole('button', { name: 'Try again' }).click();
    await expect(post(ada)).not.toHaveAttribute('aria-disabled');
    await tray(ada).getByRole('button', { name: 'Remove photo 4 of 4' }).click();
  });

  await test.step('what cannot be posted is refused with a sentence', async () => {
    const file = { name: 'notes.pdf', mimeType: 'application/pdf', buffer: Buffer.from('not a picture') };
    const film = { name: 'film.mp4', mimeType: 'video/mp4', buffer: Buffer.from('film') };
    await drop(page, '#composer', [file, film]);
    await expect(ada.composer().getByText("notes.pdf can't be posted.")).toBeVisible();
    await expect(ada.composer().getByText('film.mp4 was left out')).toBeVisible();
    await ada.composer().getByRole('button', { name: 'Dismiss' }).click();
    // The name says PNG, and browsers show it; the server looks inside and does not take this kind.
    hearth.watch.expect(422, /^\/api\/v1\/media$/);
    await drop(page, '#composer', [{ name: 'fake.png', mimeType: 'image/png', buffer: Buffer.from(BITMAP, 'hex') }]);
    await expect(ada.composer().getByRole('alert')).toContainText("isn't a picture");
    await tray(ada).getByRole('button', { name: 'Remove photo 4 of 4' }).click();
    await expect(tiles(ada)).toHaveCount(3);
  });

  await test.step('described, and put in another order by the keyboard', async () => {
    await tray(ada).getByRole('button', { name: 'Describe photo 1 of 3' }).click();
    const dialog = page.getByRole('dialog', { name: 'Describe it' });
    await dialog.getByLabel('What can be seen?').fill('A lake at dawn');
    await look(page, 'composer-describe');
    await dialog.getByRole('button', { name: 'Done' }).click();
    await expect(tray(ada).getByRole('img', { name: 'A lake at dawn' })).toBeVisible();
    const later = tray(ada).getByRole('button', { name: /^Move later: photo 1/ });
    await later.focus();
    await page.keyboard.press('Enter');
    const moved = tray(ada).getByRole('button', { name: /^Move later: photo 2/ });
    await expect(moved).toBeFocused();
    await expect(tiles(ada).nth(1).getByRole('img', { name: 'A lake at dawn' })).toBeVisible();
  });

  await test.step('posted: it is there at once, and its friend sees it with its description', async () => {
    await ada.composerText().fill('Three of the lake');
    await expect(post(ada)).not.toHaveAttribute('aria-disabled');
    await page.keyboard.press('Control+Enter');
    await expect(ada.composer()).toBeHidden();
    await expect(ada.post('Three of the lake').card.getByRole('img', { name: 'A lake at dawn' })).toBeVisible();
    await ben.open('/');
    const card = ben.post('Three of the lake').card;
    await expect(card.getByRole('img', { name: 'A lake at dawn' })).toBeVisible();
  });

  await test.step('changed: one goes, and the post says that it was edited', async () => {
    await ada.post('Three of the lake').openMenu();
    await page.getByRole('menuitem', { name: 'Edit' }).click();
    const dialog = page.getByRole('dialog', { name: 'Edit post' });
    const list = dialog.getByRole('listitem');
    await expect(list).toHaveCount(3);
    await dialog.getByRole('button', { name: 'Remove photo 3 of 3' }).click();
    await dialog.getByRole('button', { name: 'Save changes' }).click();
    await expect(dialog).toBeHidden();
    await expect(ada.post('Three of the lake').card).toContainText('Edited');
    await expect(ada.post('Three of the lake').card.locator('img.picture')).toHaveCount(2);
  });
});

test('a film goes over in pieces and plays when it is asked to', async ({ hearth }) => {
  const { ada } = await two(hearth);
  const { page } = ada;
  hearth.watch.expectLostConnections();
  await ada.prompt().click();

  await test.step('the line breaks after the first byte, and it goes on', async () => {
    let broken = 0;
    await page.route('**/api/v1/uploads/*/pieces/*', (route) => (broken++ === 0 ? route.abort() : route.continue()));
    await page.locator('#composer-files').setInputFiles({ name: 'film.webm', mimeType: 'video/webm', buffer: await readFile(FILM) });
    await expect(tiles(ada)).toHaveCount(1);
    await expect(post(ada)).not.toHaveAttribute('aria-disabled', { timeout: 20_000 });
    expect(broken).toBe(2);
    await look(page, 'composer-film');
  });

  await test.step('posted: it waits until it is played', async () => {
    await ada.composerText().fill('A short film');
    await ada.send();
    const video = ada.post('A short film').card.locator('video');
    await expect(video).toBeVisible();
    await expect(video).not.toHaveAttribute('autoplay');
    expect(await video.evaluate((film: HTMLVideoElement) => film.paused)).toBe(true);
    await expect(video).toHaveAttribute('poster', /^\/api\//);
    await video.evaluate((film: HTMLVideoElement) => film.play());
    await expect.poll(() => video.evaluate((film: HTMLVideoElement) => film.currentTime)).toBeGreaterThan(0);
  });
});

test('a draft comes back whatever happened, and is gone everywhere when it is posted', async ({ hearth }) => {
  const { ada } = await two(hearth);
  const { page } = ada;
  const picture = await photo(page, 320, 240);
  await ada.write('Half a thought');

  await test.step('with its audience and its picture', async () => {
    await ada.composer().getByRole('button', { name: /^Who can see this/ }).click();
    await look(page, 'composer-audience');
    await page.getByRole('menuitemradio', { name: /^Only me/ }).click();
    await expect(ada.composer().getByRole('button', { name: 'Who can see this: Only me' })).toBeFocused();
    await page.locator('#composer-files').setInputFiles(picture);
    await expect(post(ada)).not.toHaveAttribute('aria-disabled');
  });

  const expectDraft = async (one: Person) => {
    await expect(one.composerText()).toHaveValue('Half a thought');
    await expect(one.composer().getByText('Your draft is back.')).toBeVisible();
    await expect(one.composer().getByRole('button', { name: 'Who can see this: Only me' })).toBeVisible();
    await expect(tiles(one)).toHaveCount(1);
    await expect(post(one)).not.toHaveAttribute('aria-disabled');
  };

  await test.step('closing', async () => {
    await page.keyboard.press('Escape');
    const question = page.getByRole('dialog', { name: 'Keep this draft?' });
    await question.getByRole('button', { name: 'Keep draft' }).click();
    await expect(ada.composer()).toBeHidden();
    await ada.prompt().click();
    await expectDraft(ada);
  });

  await test.step('a reload', async () => {
    await page.reload();
    await ada.prompt().click();
    await expectDraft(ada);
    await expect(tray(ada).locator('img')).toHaveJSProperty('complete', true);
    await look(page, 'composer-draft');
  });

  await test.step('a tab that is gone; and when it is posted, the other tab has it no more', async () => {
    const context = page.context();
    const [first, second] = [await context.newPage(), await context.newPage()];
    await page.close({ runBeforeUnload: false });
    const [here, there] = [new Person(first, ADA), new Person(second, ADA)];
    for (const one of [there, here]) {
      await one.open('/');
      await one.prompt().click();
      await expectDraft(one);
    }
    await here.send();
    await expect(here.post('Half a thought').card).toBeVisible();
    await expect(there.composerText()).toHaveValue('');
    await expect(there.composer().getByText('posted or discarded in another tab')).toBeVisible();
    await expect(tiles(there)).toHaveCount(0);
  });
});

test('people are named and emoji picked with the keyboard alone', { tag: '@phone' }, async ({ hearth }) => {
  const { ada } = await two(hearth);
  const { page } = ada;
  await ada.prompt().click();

  await test.step('a name', async () => {
    await ada.composerText().pressSequentially('Thanks @be');
    const list = page.getByRole('listbox', { name: 'People to mention' });
    await expect(list.getByRole('option', { name: /Ben Lindqvist/ })).toHaveAttribute('aria-selected', 'true');
    await look(page, 'composer-mention');
    await page.keyboard.press('Enter');
    await expect(ada.composerText()).toHaveValue('Thanks @ben ');
    await expect(list).toBeHidden();
    await ada.composerText().pressSequentially('@b');
    await expect(list).toBeVisible();
    await page.keyboard.press('Escape');
    await expect(list).toBeHidden();
    await expect(ada.composer()).toBeVisible();
    await page.keyboard.press('Backspace');
    await page.keyboard.press('Backspace');
  });

  await test.step('an emoji', async () => {
    await ada.composer().getByRole('button', { name: 'Add an emoji' }).focus();
    await page.keyboard.press('Enter');
    const panel = page.getByRole('dialog', { name: 'Emoji' });
    await expect(panel.getByRole('gridcell', { name: 'grinning face', exact: true })).toBeVisible();
    await look(page, 'composer-emoji');
    await panel.getByRole('searchbox', { name: 'Search emoji' }).fill('birthday c');
    await page.keyboard.press('ArrowDown');
    await expect(panel.getByRole('gridcell', { name: 'birthday cake' })).toBeFocused();
    await page.keyboard.press('Enter');
    await expect(ada.composerText()).toHaveValue('Thanks @ben 🎂');
    await expect(ada.composerText()).toBeFocused();
    await page.keyboard.press('Control+z');
    await expect(ada.composerText()).toHaveValue('Thanks @ben ');
  });
});
