// A conversation with a history: where one comes in, what stays in its place, the keyboard, what a screen reader
// hears, and words that do not fit.
import type { Page } from '@playwright/test';
import { account, Api } from '../support/api.ts';
import { Chat, chatList, chatRow, place, Talk } from '../support/chat.ts';
import { expectAccessible, expectNoSidewaysScroll, look } from '../support/look.ts';
import { expect, test, type Hearth } from '../support/test.ts';

const ADA = account('Ada Okoye');
const BEN = account('Ben Lindqvist');

/** Two friends, a conversation, and Ada signed in. */
async function friends(hearth: Hearth) {
  const adas = await Api.register(hearth.server, ADA);
  const bens = await Api.register(hearth.server, BEN);
  await adas.befriend(bens);
  const talk = await Talk.between(bens, adas);
  const ada = await hearth.person(ADA);
  await ada.signIn();
  return { adas, bens, talk, ada };
}

test('a long history: in at what is new, up without a jump, down when one wants', async ({ hearth }) => {
  const { adas, talk, ada } = await friends(hearth);
  // Two lines each, so that the pages are high.
  await talk.say(...Array.from({ length: 120 }, (_, index) => `Line ${index + 1}\nof a long history`));
  await talk.as(adas).read(100);
  const chat = new Chat(ada, 'Ben');
  const line = (number: number) => chat.log().getByRole('article', { name: new RegExp(`^Ben, Line ${number} of`) });
  // Of its text: the name above it goes when the message before it comes and they are one group.
  const top = (number: number) => line(number).locator('.bub').evaluate((one) => one.getBoundingClientRect().top);

  await test.step('it opens at the line before what is new', async () => {
    await ada.open(talk.path);
    await chat.expectOpen();
    await expect(chat.divider()).toHaveText('New · 20 messages');
    await expect(chat.divider()).toBeInViewport();
    await expect(line(101)).toBeInViewport();
    expect(await top(101), 'the line stands before the first new one').toBeGreaterThan(
      await chat.divider().evaluate((one) => one.getBoundingClientRect().top),
    );
    await look(ada.page, 'chat-unread');
    await ada.page.waitForTimeout(1_500);
    await expect(chat.divider(), 'it stays as long as one does').toBeVisible();
  });

  await test.step('to the end, and read', async () => {
    await chat.jump().click();
    await expect(line(120)).toBeInViewport();
    await expect(chat.jump()).toBeHidden();
    await expect.poll(() => chat.fromEnd()).toBeLessThanOrEqual(1);
    const read = async () => (await adas.call<{ unread_count: number }>('GET', `/conversations/${talk.id}`)).unread_count;
    await expect.poll(read, 'what was on the screen has been read').toBe(0);
  });

  await test.step('older ones come above without moving what is read', async () => {
    for (let page = 0; page < 5 && (await line(1).count()) === 0; page += 1) {
      const first = await chat.log().getByRole('article').first().getAttribute('aria-label');
      const number = Number(/Line (\d+)/.exec(first ?? '')?.[1]);
      const waiting = ada.page.waitForResponse((response) => response.url().includes('before='));
      await chat.scrollTo(number === 1 ? 0 : 300);
      const before = await top(number);
      await waiting;
      await expect(line(number - 1)).toHaveCount(1);
      expect(Math.abs((await top(number)) - before), `message ${number} moved`).toBeLessThanOrEqual(2);
    }
    await expect(line(1)).toHaveCount(1);
    await chat.scrollTo(0);
    await expect(chat.log().getByText('This is the beginning of your chat with Ben.')).toBeInViewport();
    await expect(chat.log().getByRole('article')).toHaveCount(120);
  });

  await test.step('what comes while one reads above is offered, and moves nothing', async () => {
    await chat.scrollTo(1_500);
    const before = await chat.log().evaluate((log) => log.scrollTop);
    await talk.say('Are you still reading?', 'No hurry');
    await expect(chat.jump()).toHaveText('2 new');
    expect(await chat.log().evaluate((log) => log.scrollTop)).toBe(before);
    await expect(chat.log(), 'who reads above hears nothing of what comes below').toHaveAttribute('aria-live', 'off');
    await look(ada.page, 'chat-new-below');
    await chat.jump().click();
    await expect(chat.message('No hurry')).toBeInViewport();
    await expect(chat.jump()).toBeHidden();
    await talk.say('There you are');
    await expect(chat.message('There you are'), 'at the end one stays at the end').toBeInViewport();
    await chat.scrollTo(1_500);
    await chat.send('Just answering');
    await expect(chat.message('Just answering'), 'who writes goes to the end').toBeInViewport();
  });
});

test('a chat by keyboard alone', async ({ hearth }) => {
  const { talk, ada } = await friends(hearth);
  await talk.say('One', 'Two https://example.org/two', 'Three');
  const chat = new Chat(ada, 'Ben');
  const { keyboard } = ada.page;
  await keyboard.press('g');
  await keyboard.press('c');
  await expect(chatRow(ada.page, BEN.name)).toBeVisible();
  await chatRow(ada.page, BEN.name).getByRole('link').focus();
  await keyboard.press('Enter');
  await chat.expectOpen();
  await expect(chat.field()).toBeFocused();

  // One stop for the whole log, however many messages and links it has.
  await keyboard.press('Shift+Tab');
  await expect(chat.log()).toBeFocused();
  await keyboard.press('ArrowUp');
  await expect(chat.message('Three')).toBeFocused();
  await keyboard.press('ArrowUp');
  const two = chat.log().getByRole('article', { name: /^Ben, Two/ });
  await expect(two).toBeFocused();
  await keyboard.press('Enter');
  await expect(two.getByRole('link')).toBeFocused();
  await keyboard.press('Escape');
  await expect(two).toBeFocused();
  await keyboard.press('ArrowUp');
  await expect(chat.message('One')).toBeFocused();
  await keyboard.press('ArrowUp');
  await expect(chat.message('One'), 'the first is the first').toBeFocused();
  await keyboard.press('ArrowDown');
  await expect(two).toBeFocused();
  await keyboard.press('Tab');
  await expect(chat.field(), 'and one stop out of it').toBeFocused();

  await keyboard.type('A first line');
  await keyboard.press('Shift+Enter');
  await keyboard.type('a second, g and l are letters here');
  await expect(chat.field()).toHaveValue('A first line\na second, g and l are letters here');
  await keyboard.press('Enter');
  await expect(chat.field()).toHaveValue('');
  await expect(chat.field()).toBeFocused();
  await keyboard.press('Enter');
  await expect.poll(() => talk.texts()).toHaveLength(4);
  expect((await talk.texts())[3]).toBe('A first line\na second, g and l are letters here');
  await expect(chat.log().getByRole('article')).toHaveCount(4);
});

test('a draft waits in the list, and two chats side by side do not mix', async ({ hearth }) => {
  const { adas, talk, ada } = await friends(hearth);
  const cys = await Api.register(hearth.server, account('Cyrus Marsh'));
  await cys.befriend(adas);
  const other = await Talk.between(cys, adas);
  await talk.say('From Ben');
  await other.say('From Cyrus');
  const ben = new Chat(ada, 'Ben');
  const cy = new Chat(ada, 'Cyrus');
  await ada.open(talk.path);
  await ben.expectOpen();
  await ben.field().fill('For Ben only');
  await chatRow(ada.page, 'Cyrus').getByRole('link').click();
  await cy.expectOpen();
  await expect(cy.field()).toHaveValue('');
  await expect(cy.message('From Ben')).toHaveCount(0);
  await expect(chatRow(ada.page, BEN.name)).toContainText('Draft: For Ben only');
  await cy.send('For Cyrus only');
  await expect(cy.message('For Cyrus only').getByText('Sent')).toBeVisible();
  await expect(chatList(ada.page).getByRole('listitem').first(), 'the latest is the first').toContainText('You: For Cyrus only');
  await talk.say('Me first');
  await expect(chatList(ada.page).getByRole('listitem').first()).toContainText('Ben Lindqvist');
  await chatRow(ada.page, BEN.name).getByRole('link').click();
  await ben.expectOpen();
  await expect(ben.field()).toHaveValue('For Ben only');
  await ada.page.reload();
  await ben.expectOpen();
  await expect(ben.field()).toHaveValue('For Ben only');
});

test('two tabs of one person show what was sent once each', async ({ hearth }) => {
  const { talk, ada } = await friends(hearth);
  await talk.say('Hello');
  const tab = await ada.page.context().newPage();
  const chats = [new Chat(ada, 'Ben'), new Chat(tab, 'Ben')];
  for (const chat of chats) {
    await chat.page.goto(talk.path);
    await chat.expectOpen();
  }
  const said = ['Hello'];
  for (let number = 1; number <= 6; number += 1) {
    await chats[number % 2]?.send(`Message ${number}`);
    said.push(`Message ${number}`);
    for (const chat of chats) {
      await expect(chat.message(`Message ${number}`)).toHaveCount(1);
    }
  }
  expect(await talk.texts()).toEqual(said);
  for (const chat of chats) {
    expect(await chat.texts()).toEqual(said);
    await expect(chat.log().getByText('Sent', { exact: true }), 'under the last one only').toHaveCount(1);
  }
});

test('a screen reader hears messages, and not everything about them', async ({ hearth }) => {
  const { talk, ada } = await friends(hearth);
  await talk.say('Hello');
  const chat = new Chat(ada, 'Ben');
  await ada.open(talk.path);
  await chat.expectOpen();
  await expect(chat.log()).toHaveAttribute('aria-live', 'polite');
  await expect(chat.log()).toHaveAttribute('aria-relevant', 'additions');
  const nested = chat.log().locator('[aria-live], [role=status], [role=alert]');
  await expect(nested, 'nothing inside speaks by itself').toHaveCount(0);
  // Every element that is put into the log is read out, and so is what is put into one later: a message of one's
  // own is put there when it is sent, and not once more when it arrives.
  await chat.log().evaluate((log) => {
    const added: string[] = [];
    Object.assign(window, { added });
    new MutationObserver((records) => {
      const nodes = records.flatMap((record) => [...record.addedNodes]).filter((node) => node instanceof HTMLElement);
      for (const node of nodes) {
        const inside = nodes.some((other) => other !== node && other.contains(node));
        if (!inside && node.isConnected && node.closest('[aria-hidden=true]') === null) {
          added.push(`${node.tagName} ${node.getAttribute('aria-label') ?? node.innerText}`);
        }
      }
    }).observe(log, { childList: true, subtree: true });
  });
  await chat.send('Said once');
  await expect(chat.message('Said once').getByText('Sent')).toBeVisible();
  await talk.say('Answered once');
  await expect(chat.message('Answered once')).toBeVisible();
  const added = await ada.page.evaluate(() => (window as unknown as { added: string[] }).added);
  expect(added).toEqual([
    expect.stringMatching(/^ARTICLE You, Said once, \d\d:\d\d$/),
    expect.stringMatching(/^ARTICLE Ben, Answered once, \d\d:\d\d$/),
  ]);
  await expect(ada.page.getByRole('article', { name: /^Ben, Answered once, \d\d:\d\d$/ })).toHaveCount(1);
  await expect(ada.page.getByRole('article', { name: /^You, Said once, \d\d:\d\d$/ })).toHaveCount(1);
});

const WIDTHS = [
  { width: 1360, height: 900 },
  { width: 390, height: 844 },
];

test('nothing that axe finds, in both themes and at both widths', async ({ hearth }) => {
  const { adas, bens, talk, ada } = await friends(hearth);
  const cys = await Api.register(hearth.server, account('Cyrus Marsh'));
  await cys.call('POST', '/friend-requests', { user_id: adas.id });
  const post = await adas.post('A post that Ben likes');
  await bens.call('PUT', `/posts/${post}/reaction`, { kind: 'like' });
  await talk.say('Train gets in 06:41.', 'See https://example.org/timetable for the rest.');
  await talk.as(adas).say('06:41 is perfect');
  await talk.say("You're the best", 'Bringing towels');
  const pages: [string, string, (page: Page) => Promise<void>][] = [
    ['chat-list', '/chats', (page) => expect(chatRow(page, BEN.name)).toBeVisible()],
    ['chat-thread', talk.path, () => new Chat(ada, 'Ben').expectOpen()],
    ['activity-all', '/activity', (page) => expect(page.getByText('liked your post')).toBeVisible()],
  ];
  for (const theme of ['light', 'dark'] as const) {
    await ada.page.emulateMedia({ colorScheme: theme });
    for (const size of WIDTHS) {
      await ada.page.setViewportSize(size);
      for (const [name, path, there] of pages) {
        await ada.open(path);
        await there(ada.page);
        await look(ada.page, name);
      }
    }
  }
  await ada.page.setViewportSize({ width: 1360, height: 900 });
  await ada.button('Requests').click();
  await expectAccessible(ada.page, 'requests in activity');
  await ada.open('/');
  await expect(place(ada.page, 'Activity', '\\d new').or(place(ada.page, 'Activity'))).toBeVisible();
});

test('long words, other directions and markup stay inside and stay text', async ({ hearth }) => {
  const hostile = '<img src=x onerror="document.title=\'broken\'"><script>document.title="broken"</script>';
  const { talk, ada } = await friends(hearth);
  const texts = [
    'x'.repeat(400),
    `https://example.org/${'y'.repeat(400)}`,
    `${'שלום עולם '.repeat(20)} and left again`,
    'مرحبا، كيف حالك اليوم؟',
    `${'👩‍👩‍👧‍👦'.repeat(60)}`,
    hostile,
    'One\nline\nafter\nanother',
  ];
  await talk.say(...texts);
  const chat = new Chat(ada, 'Ben');
  for (const width of [320, 1360]) {
    await ada.page.setViewportSize({ width, height: 700 });
    await ada.open(talk.path);
    await chat.expectOpen();
    await chat.field().fill('z'.repeat(500));
    await expectNoSidewaysScroll(ada.page, `a chat at ${width} px`);
    const wide = await chat.log().evaluate((log) => log.scrollWidth - log.clientWidth);
    expect(wide, `the log does not scroll sideways at ${width} px`).toBeLessThanOrEqual(0);
    const bounds = await chat.log().evaluate((log) =>
      [...log.querySelectorAll('.bub')].map((one) => Math.round(one.getBoundingClientRect().right - log.getBoundingClientRect().right)),
    );
    expect(Math.max(...bounds), 'no bubble stands out').toBeLessThanOrEqual(0);
    await ada.open('/chats');
    await expect(chatRow(ada.page, BEN.name)).toBeVisible();
    await expectNoSidewaysScroll(ada.page, `the list of chats at ${width} px`);
  }
  await ada.open(talk.path);
  const arabic = chat.log().getByText(texts[3] ?? '');
  await expect(arabic, 'a text runs in its own direction').toHaveCSS('unicode-bidi', 'plaintext');
  await expect(chat.message(hostile)).toHaveCount(1);
  await expect(ada.page.locator('main img, main script')).toHaveCount(0);
  await expect(ada.page).not.toHaveTitle(/broken/);
});
