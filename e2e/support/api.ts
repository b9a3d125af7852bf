// The API as a program uses it: makes the people and friendships that a test starts from, and asks what
// somebody may see without the browser in between.
import { randomUUID } from 'node:crypto';
import type { Server } from './server.ts';

export interface Account {
  name: string;
  username: string;
  email: string;
  password: string;
}

export function account(name: string): Account {
  const username = (name.split(' ')[0] ?? name).toLowerCase();
  return { name, username, email: `${username}@example.org`, password: `${username} walks along the river` };
}

interface Session {
  access_token: string;
  user: { id: string };
}

export class Api {
  private constructor(
    private readonly server: Server,
    private readonly session: Session,
  ) {}

  static async register(server: Server, who: Account): Promise<Api> {
    const { name, ...rest } = who;
    return new Api(server, await call(server, 'POST', '/auth/register', { ...rest, display_name: name }));
  }

  static async signIn(server: Server, who: Account): Promise<Api> {
    const credentials = { login: who.username, password: who.password };
    return new Api(server, await call(server, 'POST', '/auth/login', credentials));
  }

  get id(): string {
    return this.session.user.id;
  }

  async befriend(other: Api): Promise<void> {
    const request = await this.call<{ id: string }>('POST', '/friend-requests', { user_id: other.id });
    await other.call('POST', `/friend-requests/${request.id}/accept`);
  }

  async post(body: string): Promise<string> {
    const client_id = randomUUID();
    return (await this.call<{ id: string }>('POST', '/posts', { client_id, body, audience: 'friends' })).id;
  }

  /** The status of a call, whatever it is. */
  async status(path: string, method = 'GET', body?: unknown): Promise<number> {
    return (await request(this.server, method, path, body, this.session.access_token)).status;
  }

  /** Sends a picture as a form. */
  async upload<T>(method: string, path: string, picture: Blob, name = 'picture.png', alt_text = ''): Promise<T> {
    const form = new FormData();
    form.set('file', picture, name);
    if (alt_text !== '') {
      form.set('alt_text', alt_text);
    }
    const headers = { authorization: `Bearer ${this.session.access_token}` };
    const response = await fetch(`${this.server.url}/api/v1${path}`, { method, headers, body: form });
    if (!response.ok) {
      throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
    }
    return (await response.json()) as T;
  }

  async call<T>(method: string, path: string, body?: unknown): Promise<T> {
    return call<T>(this.server, method, path, body, this.session.access_token);
  }
}

async function call<T>(server: Server, method: string, path: string, body?: unknown, token?: string): Promise<T> {
  const response = await request(server, method, path, body, token);
  const text = await response.text();
  if (!response.ok) {
    throw new Error(`${method} ${path}: ${response.status} ${text}`);
  }
  return (text === '' ? undefined : JSON.parse(text)) as T;
}

function request(server: Server, method: string, path: string, body?: unknown, token?: string): Promise<Response> {
  return fetch(`${server.url}/api/v1${path}`, {
    method,
    headers: {
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
}
