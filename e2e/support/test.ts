// `test` with a Hearth of its own and people to walk in.
import { test as base, type Browser } from '@playwright/test';
import type { Account } from './api.ts';
import { Person } from './people.ts';
import { Proxy } from './proxy.ts';
import { Server } from './server.ts';
import { Watch } from './watch.ts';

export class Hearth {
  private readonly people: Person[] = [];
  private readonly proxies: Proxy[] = [];

  constructor(
    private readonly browser: Browser,
    readonly server: Server,
    readonly watch: Watch,
  ) {}

  /** Somebody with a browser of their own, at the front door. */
  async person(who: Account, network?: Proxy): Promise<Person> {
    const context = await this.browser.newContext({ baseURL: network?.url ?? this.server.url });
    await this.watch.follow(context, who.name);
    const person = new Person(await context.newPage(), who);
    this.people.push(person);
    return person;
  }

  /** A network that can fail, between one person and the server. */
  async network(): Promise<Proxy> {
    const proxy = await Proxy.start(this.server.port);
    this.proxies.push(proxy);
    this.watch.allow(proxy.url);
    return proxy;
  }

  async close(): Promise<void> {
    await Promise.all(this.people.map((person) => person.page.context().close()));
    await Promise.all(this.proxies.map((proxy) => proxy.close()));
  }
}

export const test = base.extend<{ hearth: Hearth }>({
  hearth: async ({ browser }, use, info) => {
    const server = await Server.start();
    const watch = new Watch(server);
    const hearth = new Hearth(browser, server, watch);
    try {
      await use(hearth);
    } finally {
      await hearth.close();
      await server.dispose();
      if (server.output !== '') {
        await info.attach('server log', { body: server.output, contentType: 'text/plain' });
      }
    }
    watch.finish();
  },
});

export { expect } from '@playwright/test';
