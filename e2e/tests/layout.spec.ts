// Every page fits: on the narrowest screen that people have (320 px, or 400 % zoom) and on a wide one, also
// with names and words that cannot be broken.
import { account, Api } from '../support/api.ts';
import { expectAccessible, expectNoSidewaysScroll } from '../support/look.ts';
import { expect, test } from '../support/test.ts';

const LONG_WORD = 'x'.repeat(300);
const LONG_NAME = `Wolfeschlegelsteinhausenbergerdorff${'n'.repeat(25)}`;

test('no page scrolls sideways', async ({ hearth }) => {
  const who = account('Ada Okoye');
  const ada = await Api.register(hearth.server, who);
  const long = { name: LONG_NAME, username: 'w'.repeat(30), email: `${'w'.repeat(60)}@example.org`, password: who.password };
  const other = await Api.register(hearth.server, long);
  await ada.befriend(other);
  const asks = await Api.register(hearth.server, { ...account('Kim'), name: `Kim ${LONG_NAME.slice(0, 50)}` });
  await asks.call('POST', '/friend-requests', { user_id: ada.id });
  const post = await other.post(`${LONG_WORD} https://example.org/${LONG_WORD}`);
  await ada.call('POST', `/posts/${post}/comments`, { client_id: crypto.randomUUID(), body: LONG_WORD });

  const person = await hearth.person(who);
  const stranger = await hearth.person(who);
  hearth.watch.expect(404, /^\/api\/v1\/(users\/nobody(\/posts)?|posts\/1(\/comments)?)$/);
  await person.signIn();
  const pages = ['/', `/post/${post}`, '/post/1', '/u/ada', `/u/${long.username}`, '/u/nobody', `/u/${long.username}/photos`, `/u/${long.username}/friends`, `/u/${long.username}/about`, '/u/ada?view_as=stranger', '/friends', '/friends/requests', '/friends/find', '/saved', '/tag/nothing', `/tag/${'t'.repeat(60)}`, '/search', `/search?q=${'x'.repeat(100)}`, '/search?q=w', '/settings', '/settings/account', '/settings/appearance', '/settings/profile', '/settings/privacy', '/settings/notifications', '/settings/blocked', '/settings/muted', '/no/such/page'];
  for (const width of [320, 1360]) {
    for (const one of [person, stranger]) {
      await one.page.setViewportSize({ width, height: 700 });
    }
    for (const path of pages) {
      await person.open(path);
      await expect(person.page.locator('[aria-busy="true"]')).toHaveCount(0);
      await expectNoSidewaysScroll(person.page, `${path} at ${width} px`);
    }
    await person.find(LONG_NAME.slice(0, 20));
    await expectNoSidewaysScroll(person.page, `found people at ${width} px`);
    await person.open('/');
    await person.write(LONG_WORD);
    await expectNoSidewaysScroll(person.page, `the composer at ${width} px`);
    await expectAccessible(person.page, `the composer at ${width} px`);
    await stranger.open('/');
    await expectNoSidewaysScroll(stranger.page, `sign in at ${width} px`);
    await stranger.openSignUp();
    await expectNoSidewaysScroll(stranger.page, `create account at ${width} px`);
  }
});
