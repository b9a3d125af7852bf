// `test` with a Hearth of its own and people to walk in.
import { test as base, type Browser } from '@playwright/test';
import type { Account } from './api.ts';
import { startCluster } from './cluster.ts';
import { Person } from './people.ts';
import { Proxy } from './proxy.ts';
import { Server } from './server.ts';
import { Watch } from './watch.ts';

/** What a test runs on: one program with SQLite, or two nodes with PostgreSQL and Redis. */
export interface Options {
  setup: 'one' | 'cluster';
  /** How the one program is configured besides. */
  variables: Record<string, string>;
}

export class Hearth {
  private readonly people: Person[] = [];
  private readonly proxies: Proxy[] = [];

  constructor(
    private readonly browser: Browser,
    /** One, or the nodes of a cluster. */
    private readonly servers: [Server, ...Server[]],
    readonly watch: Watch,
  ) {}

  /** The only server, or the first node. */
  get server(): Server {
    return this.servers[0];
  }

  /** Somebody with a browser of their own, at the front door. In a cluster each one comes to another node than the
   * one before. */
  async person(who: Account, network?: Proxy): Promise<Person> {
    const server = this.servers[this.people.length % this.servers.length] ?? this.server;
    const context = await this.browser.newContext({ baseURL: network?.url ?? server.url });
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

  /** Everything dies at once, and comes back with what was on the disk. */
  async powerCut(): Promise<void> {
    await Promise.all(this.servers.map((server) => server.kill()));
    await Promise.all(this.servers.map((server) => server.up()));
  }

  async close(): Promise<void> {
    await Promise.all(this.people.map((person) => person.page.context().close()));
    await Promise.all(this.proxies.map((proxy) => proxy.close()));
  }
}

export const test = base.extend<Options & { hearth: Hearth }>({
  setup: ['one', { option: true }],
  variables: [{}, { option: true }],
  hearth: async ({ browser, setup, variables }, use, info) => {
    const servers = setup === 'one' ? [await Server.start(variables)] : await startCluster();
    const watch = new Watch(servers);
    const hearth = new Hearth(browser, servers as [Server, ...Server[]], watch);
    try {
      await use(hearth);
    } finally {
      await hearth.close();
      await Promise.all(servers.map((server) => server.dispose()));
      for (const { output, url } of servers) {
        if (output !== '') {
          await info.attach(`log of ${url}`, { body: output, contentType: 'text/plain' });
        }
      }
    }
    watch.finish();
  },
});

export { expect } from '@playwright/test';
