// A Hearth of one's own: the release binary on a free loopback port with a fresh data folder. It can be killed
// like by a power cut and started again on the same data.
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

const BINARY = process.env.HEARTH_BIN ?? resolve(import.meta.dirname, '../../target/release/hearth');

export class Server {
  private child: ChildProcess | undefined;
  private log = '';

  private constructor(
    readonly port: number,
    private readonly folder: string,
    private readonly variables: Record<string, string>,
  ) {}

  /** Starts one. `variables` are set besides those that every test needs. */
  static async start(variables: Record<string, string> = {}): Promise<Server> {
    const folder = await mkdtemp(join(tmpdir(), 'hearth-e2e-'));
    const server = new Server(await freePort(), folder, { ...variables });
    try {
      await server.up();
    } catch (error) {
      await server.dispose();
      throw error;
    }
    return server;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** The secret that it makes when it starts first and no other is named. */
  get secretFile(): string {
    return join(this.folder, 'data/secret.key');
  }

  /** Where mail goes without a mail server. */
  get outbox(): string {
    return join(this.folder, 'data/outbox');
  }

  /** Whether the tests want it to answer. */
  get isUp(): boolean {
    return this.child !== undefined;
  }

  /** What it wrote. */
  get output(): string {
    return this.log;
  }

  async up(): Promise<void> {
    const child = spawn(BINARY, ['serve'], {
      cwd: this.folder,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        PATH: process.env.PATH,
        HOME: this.folder,
        HEARTH_BIND: `127.0.0.1:${this.port}`,
        HEARTH_DATA_DIR: join(this.folder, 'data'),
        HEARTH_RATE_LIMITS: 'off',
        RUST_LOG: process.env.RUST_LOG ?? 'warn',
        ...this.variables,
      },
    });
    child.on('error', (error) => (this.log += `${error}\n`));
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk: Buffer) => (this.log += chunk.toString()));
    }
    const deadline = Date.now() + 20_000;
    while (!(await answers(`${this.url}/readyz`))) {
      if (child.exitCode !== null || child.pid === undefined || Date.now() > deadline) {
        child.kill('SIGKILL');
        throw new Error(`the server does not start (${BINARY})\n${this.log}`);
      }
      await wait(50);
    }
    this.child = child;
  }

  /** kill -9: nothing is flushed, nothing is said. */
  async kill(): Promise<void> {
    await this.stop('SIGKILL');
  }

  async dispose(): Promise<void> {
    await this.stop('SIGTERM');
    await rm(this.folder, { recursive: true, force: true });
  }

  private async stop(signal: NodeJS.Signals): Promise<void> {
    const child = this.child;
    this.child = undefined;
    if (!child || child.exitCode !== null || child.signalCode !== null) {
      return;
    }
    const gone = once(child, 'exit');
    child.kill(signal);
    const inTime = await Promise.race([gone.then(() => true), wait(10_000, false)]);
    if (!inTime) {
      child.kill('SIGKILL');
      await gone;
      throw new Error(`the server did not end within 10 s of ${signal}`);
    }
  }
}

async function answers(url: string): Promise<boolean> {
  try {
    return (await fetch(url, { signal: AbortSignal.timeout(1_000) })).status === 200;
  } catch {
    return false;
  }
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, 'close');
  return port;
}
