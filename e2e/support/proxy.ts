// A bad network between one browser and the server: a TCP proxy that can be cut, frozen, made to refuse, or made
// to forget what it carried, like a router after an hour of silence.
import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server as Listener, type Socket } from 'node:net';

interface Pair {
  browser: Socket;
  server: Socket;
  /** It carries a WebSocket. */
  live: boolean;
  /** Nothing that comes out of it goes anywhere any more. */
  forgotten: boolean;
}

export class Proxy {
  private readonly pairs = new Set<Pair>();
  private frozen = false;
  private refusing = false;

  private constructor(
    private readonly listener: Listener,
    private readonly target: number,
  ) {
    listener.on('connection', (browser) => this.carry(browser));
  }

  static async start(target: number): Promise<Proxy> {
    const listener = createServer().listen(0, '127.0.0.1');
    await once(listener, 'listening');
    return new Proxy(listener, target);
  }

  get url(): string {
    return `http://127.0.0.1:${(this.listener.address() as AddressInfo).port}`;
  }

  /** How many WebSockets are open. */
  get sockets(): number {
    return [...this.pairs].filter((pair) => pair.live && !pair.forgotten).length;
  }

  /** Everything that is open breaks; what is opened from now on is carried. */
  cut(): void {
    for (const pair of this.pairs) {
      pair.browser.resetAndDestroy();
      pair.server.destroy();
    }
  }

  /** Everything breaks, and nobody is let in. */
  refuse(): void {
    this.refusing = true;
    this.cut();
  }

  /** Nothing passes in either direction, and nothing breaks: half-open. New connections stand, and are silent. */
  freeze(): void {
    this.frozen = true;
    for (const pair of this.pairs) {
      pair.browser.pause();
      pair.server.pause();
    }
  }

  /** Undoes `refuse` and `freeze`; what was held arrives. */
  mend(): void {
    this.refusing = false;
    this.frozen = false;
    for (const pair of this.pairs) {
      pair.browser.resume();
      pair.server.resume();
    }
  }

  /** The WebSockets that are open lead nowhere from now on, without a word; what is idle is closed, as a browser
   * does when the computer goes to sleep. */
  forget(): void {
    for (const pair of this.pairs) {
      if (pair.live) {
        pair.forgotten = true;
        pair.server.destroy();
      } else {
        pair.browser.destroy();
        pair.server.destroy();
      }
    }
  }

  async close(): Promise<void> {
    this.cut();
    this.listener.close();
    await once(this.listener, 'close');
  }

  private carry(browser: Socket): void {
    if (this.refusing) {
      browser.resetAndDestroy();
      return;
    }
    const server = connect(this.target, '127.0.0.1');
    const pair: Pair = { browser, server, live: false, forgotten: false };
    this.pairs.add(pair);
    const pass = (from: Socket, to: Socket) => {
      from.on('data', (chunk: Buffer) => {
        pair.live ||= from === browser && /^GET \S+ HTTP[^]*\r\nupgrade: websocket\r\n/i.test(chunk.toString('latin1'));
        if (!pair.forgotten) {
          to.write(chunk);
        }
      });
      from.on('error', () => {});
      from.on('close', () => {
        if (!pair.forgotten || from === browser) {
          this.pairs.delete(pair);
          to.destroy();
        }
      });
    };
    pass(browser, server);
    pass(server, browser);
    if (this.frozen) {
      browser.pause();
      server.pause();
    }
  }
}
