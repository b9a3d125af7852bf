// Being told while no page is looked at: the block in the settings, what the worker shows, and where a touch leads.
// A headless browser reaches no push service: its subscription is one that a test makes, and what the server would send is
// handed to the worker as the browser does it.
import type { BrowserContext, CDPSession, Page } from '@playwright/test';
import { account, Api } from '../support/api.ts';
import { look } from '../support/look.ts';
import { expect, test } from '../support/test.ts';
import { untilWorking } from '../support/worker.ts';

test.use({ serviceWorkers: 'allow' });

const ADA = account('Ada Okoye');
const BEN = account('Ben Lindqvist');

/** Lets every page of a browser get a subscription at an address of the internet, with keys as browsers make them. */
async function withPushService(context: BrowserContext): Promise<void> {
  await context.grantPermissions(['notifications']);
  await context.addInitScript(() => {
    let current: unknown = null;
    const subscription = {
      endpoint: 'https://push.example/for-a-test',
      toJSON() {
        return {
          endpoint: this.endpoint,
          expirationTime: null,
          keys: {
            p256dh: 'BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4',
            auth: 'BTBZMqHH6r4Tts7J_aSIgg',
          },
        };
      },
      unsubscribe() {
        current = null;
        return Promise.resolve(true);
      },
    };
    Object.setPrototypeOf(subscription, PushSubscription.prototype);
    for (const name of ['endpoint', 'toJSON', 'unsubscribe'] as const) {
      Object.defineProperty(subscription, name, { value: subscription[name] });
    }
    PushManager.prototype.subscribe = function (options) {
      Object.assign(window, { subscribedWith: options?.applicationServerKey });
      current = subscription;
      return Promise.resolve(subscription as unknown as PushSubscription);
    };
    PushManager.prototype.getSubscription = () => Promise.resolve(current as PushSubscription | null);
  });
}

/** What the server sends, as the worker reads it. */
interface Told {
  title: string;
  body: string;
  tag: string;
  version: number;
  path: string;
  at: number;
}

/** The worker of a page, as the browser's own tools reach it. */
class Worker {
  private constructor(
    private readonly cdp: CDPSession,
    private readonly registration: string,
    private readonly origin: string,
    private readonly context: BrowserContext,
  ) {}

  static async of(page: Page): Promise<Worker> {
    await untilWorking(page);
    const cdp = await page.context().newCDPSession(page);
    const found = new Promise<string>((resolve) => {
      cdp.on('ServiceWorker.workerRegistrationUpdated', ({ registrations }) => {
        const [first] = registrations.filter((one) => !one.isDeleted);
        if (first) {
          resolve(first.registrationId);
        }
      });
    });
    await cdp.send('ServiceWorker.enable');
    return new Worker(cdp, await found, new URL(page.url()).origin, page.context());
  }

  /** As if the server had sent it. Done when the worker is: a browser that is asked what it shows while it is told to show
   * something may forget that. */
  async deliver(told: Told): Promise<void> {
    const { origin, registration: registrationId, context } = this;
    const data = JSON.stringify(told);
    await this.cdp.send('ServiceWorker.deliverPushMessage', { origin, registrationId, data });
    const version = () => inWorker(context, `caches.match('/told/${told.tag}').then((one) => one?.text())`);
    await expect.poll(async () => Number(await version())).toBeGreaterThanOrEqual(told.version);
  }
}

/** Runs a script in the worker. */
async function inWorker<T>(context: BrowserContext, script: string): Promise<T> {
  const worker = context.serviceWorkers().find((one) => one.url().endsWith('/sw.js'));
  if (worker === undefined) {
    throw new Error('there is no worker');
  }
  return worker.evaluate<T>(script);
}

/** The tags and texts of what the browser shows now. */
function shown(context: BrowserContext): Promise<string[]> {
  return inWorker(
    context,
    `self.registration.getNotifications().then((all) => all.map((one) => one.tag + ': ' + one.body).sort())`,
  );
}

/** Whether a page is looked at is nothing that a headless browser knows: the worker is told which pages there are. */
function seeWindows(context: BrowserContext, open: string): Promise<void> {
  return inWorker(
    context,
    `void Object.defineProperty(self.clients, 'matchAll', { configurable: true, value: async () => ${open} })`,
  );
}

function seeAllWindows(context: BrowserContext): Promise<void> {
  return inWorker(context, `void (delete self.clients.matchAll)`);
}

const LOOKED_AT = `[{ focused: true, visibilityState: 'visible' }]`;

/** Touches what is shown under a tag. An event that a script makes keeps nobody waiting, so it is told not to try. */
function touch(context: BrowserContext, tag: string): Promise<void> {
  return inWorker(
    context,
    `self.registration.getNotifications({ tag: '${tag}' }).then(([notification]) => {
      const event = new NotificationEvent('notificationclick', { notification });
      Object.defineProperty(event, 'waitUntil', { value: () => undefined });
      self.dispatchEvent(event);
    })`,
  );
}

test('a device is turned on with a button that says what comes', { tag: '@phone' }, async ({ hearth }) => {
  await Api.register(hearth.server, ADA);
  const ada = await hearth.person(ADA);
  await withPushService(ada.page.context());
  await ada.signIn();
  await untilWorking(ada.page);
  await ada.open('/settings/notifications');
  const device = ada.page.getByRole('region', { name: 'This device' });
  await expect(device).toContainText('encrypted for this browser alone');
  await look(ada.page, 'push-off');
  await device.getByRole('button', { name: 'Turn on for this device' }).click();
  await expect(device.getByText('On for this device')).toBeVisible();
  const key = await ada.page.evaluate(() => (window as unknown as { subscribedWith: string }).subscribedWith);
  expect(key, 'an uncompressed point').toMatch(/^B[\w-]{86}$/);
  // Nothing is half under the bar at the top then.
  await ada.page.evaluate(() => window.scrollTo(0, 0));
  await look(ada.page, 'push-on');

  const previews = device.getByRole('switch', { name: /^Show what was written/ });
  await expect(previews).not.toBeChecked();
  await previews.click();
  await expect(previews).toBeChecked();
  await device.getByRole('button', { name: 'Send a test' }).click();
  await ada.toast(/On its way/);
  await device.getByRole('button', { name: 'Turn off for this device' }).click();
  await expect(device.getByRole('button', { name: 'Turn on for this device' })).toBeVisible();
});

test('a browser that says no is told how to say yes', async ({ hearth }) => {
  await Api.register(hearth.server, ADA);
  const ada = await hearth.person(ADA);
  await ada.page.context().addInitScript(() => {
    Object.defineProperty(Notification, 'permission', { get: () => 'denied' });
  });
  await ada.signIn();
  await untilWorking(ada.page);
  await ada.open('/settings/notifications');
  const device = ada.page.getByRole('region', { name: 'This device' });
  await expect(device).toContainText("The browser doesn't let Hearth show notifications.");
  await expect(device.getByRole('button')).toHaveCount(0);
  await look(ada.page, 'push-denied');
});

test('what is told is shown once, leads to its page, and goes with the person', async ({ hearth }) => {
  const adas = await Api.register(hearth.server, ADA);
  const bens = await Api.register(hearth.server, BEN);
  await adas.befriend(bens);
  const ada = await hearth.person(ADA);
  const context = ada.page.context();
  await context.grantPermissions(['notifications']);
  await ada.signIn();
  const worker = await Worker.of(ada.page);
  const told = (version: number, body: string) => ({
    title: BEN.name,
    body,
    tag: 'c7',
    version,
    path: '/friends',
    at: Date.now(),
  });

  // While a page is looked at nothing is shown.
  await seeWindows(context, LOOKED_AT);
  await worker.deliver(told(1, 'While you look'));
  expect(await shown(context)).toEqual([]);
  await seeAllWindows(context);

  await ada.page.goto('about:blank');
  // The worker hears a moment later that the page is gone.
  const open = `self.clients.matchAll({ type: 'window', includeUncontrolled: true }).then((all) => all.length)`;
  await expect.poll(() => inWorker(context, open)).toBe(0);
  await worker.deliver(told(2, 'Are you there?'));
  await expect.poll(() => shown(context)).toEqual(['c7: Are you there?']);
  // Later news takes its place; what was shown is not shown again, nor what is older.
  await worker.deliver(told(3, 'Hello?'));
  await expect.poll(() => shown(context)).toEqual(['c7: Hello?']);
  await worker.deliver(told(2, 'Are you there?'));
  await worker.deliver({ ...told(1, 'Something else'), tag: 'n9' });
  await expect.poll(() => shown(context)).toEqual(['c7: Hello?', 'n9: Something else']);

  await ada.open('/');
  await touch(context, 'c7');
  await expect(ada.page).toHaveURL(/\/friends$/);
  await expect.poll(() => shown(context)).toEqual(['n9: Something else']);

  // Nowhere else than to a page of this Hearth. The page that was led there is looked at now: as if it were not.
  await seeWindows(context, '[]');
  await worker.deliver({ ...told(4, 'Look here'), path: 'https://evil.example/' });
  await expect.poll(async () => (await shown(context)).length).toBe(2);
  await seeAllWindows(context);
  await touch(context, 'c7');
  await expect.poll(() => shown(context)).toEqual(['n9: Something else']);
  await expect(ada.page).toHaveURL(/\/friends$/);

  await ada.page.getByRole('button', { name: /^Account menu/ }).click();
  await ada.page.getByRole('menuitem', { name: 'Sign out' }).click();
  await ada.expectSignedOut();
  await expect.poll(() => shown(context), { message: 'nothing stays on the screen' }).toEqual([]);
});

test('a test is always shown, what was touched is read, and what was read is shown no more', async ({ hearth }) => {
  const adas = await Api.register(hearth.server, ADA);
  const bens = await Api.register(hearth.server, BEN);
  await adas.befriend(bens);
  const post = await adas.post('The lake is warm enough.');
  await bens.call('PUT', `/posts/${post}/reaction`, { kind: 'like' });
  const like = async () => {
    const all = await adas.call<{ items: { id: string; kind: string; read: boolean }[] }>('GET', '/notifications');
    return all.items.find((one) => one.kind === 'reaction');
  };
  await expect.poll(async () => (await like())?.read).toBe(false);
  const tag = `n${(await like())?.id ?? ''}`;
  const ada = await hearth.person(ADA);
  const context = ada.page.context();
  await context.grantPermissions(['notifications']);
  await ada.signIn();
  const worker = await Worker.of(ada.page);
  const told = (tag: string, path: string) => ({ title: BEN.name, body: 'Look', tag, version: 1, path, at: Date.now() });

  await seeWindows(context, LOOKED_AT);
  await worker.deliver(told('test', '/settings/notifications'));
  await expect.poll(() => shown(context)).toEqual(['test: Look']);
  await seeWindows(context, '[]');
  await worker.deliver(told(tag, `/post/${post}`));
  await worker.deliver(told('n9', '/activity'));
  await worker.deliver(told('c7', '/chats/7'));
  await expect.poll(async () => (await shown(context)).length).toBe(4);
  await seeAllWindows(context);

  await touch(context, tag);
  await expect(ada.page).toHaveURL(`/post/${post}`);
  await expect.poll(async () => (await like())?.read).toBe(true);
  await ada.open('/activity');
  await expect.poll(() => shown(context)).toEqual(['c7: Look', 'test: Look']);
});
