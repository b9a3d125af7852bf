// The reason for Hearth, from beginning to end: two people become friends and talk, a stranger sees nothing of
// it, and after a power cut everything is still there.
import { account, Api } from '../support/api.ts';
import { look } from '../support/look.ts';
import { expect, test } from '../support/test.ts';

const POST = 'The lake is finally warm enough. Saturday at ten?';
const COMMENT = "I'm in. I'll bring the towels.";

test('two people talk, a stranger sees nothing, a power cut loses nothing', { tag: '@phone' }, async ({ hearth }) => {
  const ada = await hearth.person(account('Ada Okoye'));
  const ben = await hearth.person(account('Ben Lindqvist'));
  const cy = await hearth.person(account('Cyrus Marsh'));

  await test.step('Ada and Ben create accounts', async () => {
    await ada.open('/');
    await look(ada.page, 'sign-in');
    await ada.openSignUp();
    await look(ada.page, 'create-account');
    await ada.signUp();
    await ada.expectEmptyFeed();
    await look(ada.page, 'home-empty');
    await ben.signUp();
  });

  await test.step('Ada finds Ben and asks him, Ben accepts', async () => {
    await ada.askToBeFriends('Ben Lindqvist');
    await look(ada.page, 'find');
    await ben.page.reload();
    await ben.openRequests();
    await expect(ben.page.getByRole('main').getByText('Ada Okoye').first()).toBeVisible();
    await look(ben.page, 'friend-requests');
    await ben.accept('Ada Okoye');
  });

  await test.step('Ada posts, Ben reads it, likes it and comments', async () => {
    await ada.open('/');
    await ada.write(POST);
    await look(ada.page, 'composer');
    await ada.send();
    await expect(ada.post(POST).card).toBeVisible();
    await ben.open('/');
    const post = ben.post(POST);
    await expect(post.card).toContainText('Ada Okoye');
    await post.like().click();
    await post.expectLiked(true, 1);
    await post.comment(COMMENT);
  });

  let path = '';
  const adaSeesAll = async () => {
    const post = ada.post(POST);
    await post.expectLiked(false, 1);
    await expect(post.card.getByText(COMMENT)).toBeVisible();
    await expect(post.card.getByText('Ben Lindqvist').first()).toBeVisible();
  };
  await test.step('Ada sees the like and the comment', async () => {
    await ada.page.reload();
    await adaSeesAll();
    await look(ada.page, 'feed');
    path = await ada.post(POST).path();
    await ada.open(path);
    await expect(ada.page.getByRole('article').first()).toContainText(POST);
    await look(ada.page, 'post');
    await ada.open('/u/ben');
    await look(ada.page, 'profile');
    await ada.open('/settings');
    await look(ada.page, 'settings');
    await ada.open('/');
  });

  const cySeesNothing = async () => {
    await cy.open('/');
    await cy.expectEmptyFeed();
    await cy.open(path);
    await cy.expectNoPost();
    await cy.open('/u/ada');
    await cy.expectNothingOf('Ada Okoye');
    const api = await Api.signIn(hearth.server, cy.who);
    const id = path.split('/').pop();
    expect(await api.status(`/posts/${id}`)).toBe(404);
    expect(await api.status(`/posts/${id}/comments`)).toBe(404);
    expect(await api.call<{ items: unknown[] }>('GET', '/users/ada/posts')).toMatchObject({ items: [] });
  };
  await test.step('Cy, a stranger, sees nothing of it', async () => {
    hearth.watch.expect(404, /^\/api\/v1\/posts\/\d+(\/comments)?$/);
    await cy.signUp();
    await cySeesNothing();
    await cy.open(path);
    await cy.expectNoPost();
    await look(cy.page, 'not-available');
  });

  await test.step('after a power cut everything is as before, and everybody still signed in', async () => {
    hearth.watch.expectLostConnections();
    await hearth.powerCut();
    await ada.page.reload();
    await adaSeesAll();
    await ben.page.reload();
    await ben.post(POST).expectLiked(true, 1);
    await expect(ben.post(POST).card.getByText(COMMENT)).toBeVisible();
    await cySeesNothing();
  });
});
