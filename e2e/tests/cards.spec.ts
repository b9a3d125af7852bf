// A post and what people do with it: reactions, comments with replies, passing it on, taking back what was deleted.
// Two people look at it at the same time.
import { account, Api } from '../support/api.ts';
import { expectNotReloaded, mark } from '../support/live.ts';
import { look } from '../support/look.ts';
import type { Person } from '../support/people.ts';
import { expect, test, type Hearth } from '../support/test.ts';

const ADA = account('Ada Okoye');
const BEN = account('Ben Lindqvist');
const CY = account('Cyrus Marsh');
const POST = 'The lake is finally warm enough. Saturday at ten?';

async function two(hearth: Hearth): Promise<{ ada: Person; ben: Person; adas: Api; bens: Api }> {
  const adas = await Api.register(hearth.server, ADA);
  const bens = await Api.register(hearth.server, BEN);
  await adas.befriend(bens);
  return { ada: await hearth.person(ADA), ben: await hearth.person(BEN), adas, bens };
}

async function meet(...people: Person[]): Promise<void> {
  for (const one of people) {
    await one.signIn();
    await mark(one.page);
  }
}

test('a reaction is seen on the other screen, and a failed one goes back', { tag: '@phone' }, async ({ hearth }) => {
  const { ada, ben, adas } = await two(hearth);
  await adas.post(POST);
  await meet(ada, ben);
  const his = ben.post(POST);
  const hers = ada.post(POST);
  await expect(hers.card).toBeVisible();

  await test.step('a like, and one of the others in its place', async () => {
    await his.like().click();
    await his.expectLiked(true, 1);
    await hers.expectLiked(false, 1);
    await his.acts().getByRole('button', { name: 'More reactions' }).click();
    const menu = his.acts().getByRole('menu', { name: 'More reactions' });
    await expect(menu.getByRole('menuitemradio')).toHaveCount(6);
    await expect(menu.getByRole('menuitemradio', { name: 'Like' })).toBeChecked();
    await look(ben.page, 'reactions-menu');
    await menu.getByRole('menuitemradio', { name: 'Wow' }).click();
    await expect(menu).toHaveCount(0);
    const wow = his.acts().getByRole('button', { name: 'Wow', exact: true });
    await expect(wow).toHaveAttribute('aria-pressed', 'true');
    await expect(his.reactions(1)).toBeVisible();
    await hers.like().click();
    await expect(his.reactions(2)).toBeVisible();
  });

  await test.step('who reacted, all and of one kind', async () => {
    await hers.reactions(2).click();
    const who = ada.page.getByRole('dialog', { name: 'Who reacted' });
    await expect(who.getByRole('listitem')).toHaveCount(2);
    await look(ada.page, 'who-reacted');
    await who.getByRole('button', { name: 'Wow, 1' }).click();
    await expect(who.getByRole('listitem')).toHaveCount(1);
    await expect(who.getByRole('listitem')).toContainText(BEN.name);
    await ada.page.keyboard.press('Escape');
    await expect(who).toHaveCount(0);
    await expect(hers.reactions(2)).toBeFocused();
  });

  await test.step('two fast presses are one wish', async () => {
    const sent: string[] = [];
    const note = (request: { method(): string; url(): string }) => {
      if (request.url().endsWith('/reaction')) {
        sent.push(request.method());
      }
    };
    ada.page.on('request', note);
    let release = () => {};
    const pressed = new Promise<void>((resolve) => (release = resolve));
    await ada.page.route('**/reaction', async (route) => {
      await pressed;
      await route.continue();
    });
    await hers.like().click();
    await hers.like().click();
    await hers.like().click();
    release();
    await expect(his.reactions(1)).toBeVisible();
    await ada.page.unroute('**/reaction');
    expect(sent, 'off, on, off: one call').toEqual(['DELETE']);
    ada.page.off('request', note);
  });

  await test.step('what the server does not take goes back, and that is said', async () => {
    hearth.watch.expect(500, /^\/api\/v1\/posts\/\d+\/reaction$/);
    const problem = { type: '/problems/internal', title: 'Something went wrong', status: 500, code: 'internal' };
    await ada.page.route('**/reaction', (route) =>
      route.fulfill({ status: 500, contentType: 'application/problem+json', body: JSON.stringify(problem) }),
    );
    await hers.like().click();
    await expect(ada.page.getByRole('alert').getByText(/^Your reaction wasn't saved\./)).toBeVisible();
    await hers.expectLiked(false, 1);
    await ada.page.unroute('**/reaction');
  });
  await expectNotReloaded(ada.page, ben.page);
});

test('two write comments at once and both see both once, in the same order', async ({ hearth }) => {
  const { ada, ben, adas } = await two(hearth);
  await adas.post(POST);
  await meet(ada, ben);
  const his = ben.post(POST);
  const hers = ada.post(POST);
  const texts = (of: typeof his) => of.comments().locator('.cmt__text').allInnerTexts();

  await test.step('at the same time', async () => {
    for (const one of [his, hers]) {
      await one.card.getByRole('button', { name: /^Comment/ }).click();
      await expect(one.card.getByRole('button', { name: 'Send comment' })).toHaveAttribute('aria-disabled', 'true');
    }
    await his.commentText().fill('I bring the towels.');
    await hers.commentText().fill('And I the coffee.');
    await Promise.all([his.commentText().press('Enter'), hers.commentText().press('Enter')]);
    for (const one of [his, hers]) {
      await expect(one.comments().locator('.cmt__text')).toHaveCount(2);
      await expect(one.comments().getByText('Sending…')).toHaveCount(0);
    }
    expect((await texts(his)).sort()).toEqual(['And I the coffee.', 'I bring the towels.']);
    await expect.poll(() => texts(hers)).toEqual(await texts(his));
  });

  await test.step('lines, and what looks like HTML', async () => {
    await his.commentText().fill('One');
    await his.commentText().press('Shift+Enter');
    await his.commentText().pressSequentially('<script>alert(1)</script><img src=x onerror=alert(1)>');
    await his.commentText().press('Enter');
    const text = hers.comments().locator('.cmt__text').filter({ hasText: '<script>' });
    await expect(text).toHaveText('One\n<script>alert(1)</script><img src=x onerror=alert(1)>');
    await expect(text.locator('script, img')).toHaveCount(0);
  });

  const row = (of: typeof his, text: string) => of.comments().getByRole('listitem').filter({ hasText: text }).first();
  await test.step('a reply stands under what it answers, and is counted', async () => {
    await row(hers, 'I bring the towels.').getByRole('button', { name: 'Reply to Ben' }).click();
    const field = hers.card.getByRole('textbox', { name: 'Write a reply' });
    await expect(field).toBeFocused();
    await field.fill('Two of them, please.');
    await field.press('Enter');
    const toggle = row(his, 'I bring the towels.').getByRole('button', { name: 'Show 1 reply' });
    await toggle.click();
    const reply = row(his, 'I bring the towels.').getByRole('listitem').filter({ hasText: 'Two of them, please.' });
    await expect(reply).toHaveCount(1);
    await look(ben.page, 'replies');
    await reply.getByRole('button', { name: 'Like', exact: true }).click();
    await expect(reply.getByRole('button', { name: 'Liked', exact: true })).toHaveAttribute('aria-pressed', 'true');
    const hers_reply = row(hers, 'I bring the towels.').getByRole('listitem');
    await expect(hers_reply.getByRole('button', { name: '1 reaction, see who' })).toBeVisible();
    await expect(hers.card.getByRole('button', { name: /^Comment 4$/ })).toBeVisible();
  });

  await test.step('a changed comment says so and shows what it said', async () => {
    const mine = row(hers, 'And I the coffee.');
    await mine.getByRole('button', { name: /^More actions for Ada's comment/ }).click();
    await mine.getByRole('menuitem', { name: 'Edit' }).click();
    // Its text stands in a field now, by which a row is not found.
    await hers.comments().getByRole('textbox', { name: 'Edit comment' }).fill('And I the tea.');
    await hers.comments().getByRole('button', { name: 'Save' }).click();
    const changed = row(his, 'And I the tea.');
    await changed.getByRole('button', { name: 'Edited' }).click();
    const history = ben.page.getByRole('dialog', { name: 'Earlier versions' });
    await expect(history.getByRole('listitem')).toHaveCount(2);
    await expect(history.getByRole('listitem').last()).toContainText('And I the coffee.');
    await look(ben.page, 'comment-history');
    await ben.page.keyboard.press('Escape');
  });

  await test.step('a deleted comment can be put back for a moment', async () => {
    const mine = row(hers, 'And I the tea.');
    await mine.getByRole('button', { name: /^More actions for Ada's comment/ }).click();
    await mine.getByRole('menuitem', { name: 'Delete' }).click();
    await expect(row(hers, 'And I the tea.')).toHaveCount(0);
    await expect(row(his, 'And I the tea.')).toHaveCount(0);
    await ada.page.getByRole('status').getByRole('button', { name: 'Undo' }).click();
    await expect(row(hers, 'And I the tea.')).toBeVisible();
    await expect(row(his, 'And I the tea.')).toBeVisible();
    await expect(hers.card.getByRole('button', { name: /^Comment 4$/ })).toBeVisible();
  });
  await expectNotReloaded(ada.page, ben.page);
});

test('a shared post leads to the original, and says when that is gone', { tag: '@phone' }, async ({ hearth }) => {
  const { ada, ben, adas, bens } = await two(hearth);
  const cys = await Api.register(hearth.server, CY);
  await cys.befriend(bens);
  const cy = await hearth.person(CY);
  const id = await adas.post(POST);
  await meet(ada, ben);

  await test.step('Ben passes it on', async () => {
    const theirs = ben.post(POST);
    await theirs.acts().getByRole('button', { name: 'Share' }).click();
    const dialog = ben.page.getByRole('dialog', { name: 'Share this post' });
    await expect(dialog.getByText("Ada's post stays for Ada's friends.", { exact: false })).toBeVisible();
    await dialog.getByRole('textbox', { name: 'Say something about it' }).fill('Who else comes?');
    await look(ben.page, 'share');
    await dialog.getByRole('button', { name: 'Share', exact: true }).click();
    const shared = ben.post('Who else comes?');
    await expect(shared.card).toBeVisible();
    await expect(shared.card.getByText('Posting…')).toHaveCount(0);
    const original = shared.card.getByRole('group', { name: `Shared from ${ADA.name}` });
    await expect(original).toContainText(POST);
    await expect(original.getByRole('link').filter({ has: ben.page.locator('time') })).toHaveAttribute('href', `/post/${id}`);
    await expect(ada.post(POST).acts().getByRole('button', { name: 'Share 1' }).first()).toBeVisible();
    await look(ben.page, 'shared-post');
  });

  await test.step('who may not see the original sees that there was one', async () => {
    await meet(cy);
    const shared = cy.post('Who else comes?');
    await expect(shared.card.getByText("This post isn't available.")).toBeVisible();
    await expect(cy.page.getByText(POST)).toHaveCount(0);
    await expect(shared.acts().getByRole('button', { name: /^Share/ })).toHaveCount(0);
  });

  await test.step('the original goes while Ben looks, and comes back', async () => {
    const hers = ada.page.getByRole('article').filter({ hasText: POST }).filter({ hasNotText: 'Who else comes?' });
    await hers.getByRole('button', { name: /^More actions for Ada's post$/ }).click();
    await hers.getByRole('menuitem', { name: 'Delete' }).click();
    const shared = ben.post('Who else comes?');
    await expect(shared.card.getByText("This post isn't available.")).toBeVisible();
    await expect(shared.card.getByText(POST)).toHaveCount(0);
    await look(ben.page, 'shared-gone');
    await ada.page.getByRole('status').getByRole('button', { name: 'Undo' }).click();
    await expect(hers).toBeVisible();
    await expect(shared.card.getByText(POST)).toBeVisible();
  });
  await expectNotReloaded(ada.page, ben.page);
});
