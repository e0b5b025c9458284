import type { Page } from 'playwright/test';
import type { CheckSession } from '../../src/lab-kit/check/session.ts';
import type { Observations } from '../../src/rtc/check/observations.ts';
import { expect } from './lab.ts';

type CheckPage = HTMLElement & { load(): Promise<CheckSession> };

/** Drives the page that tests STUN and TURN servers, as a person does. */
export class CheckDriver {
  readonly page: Page;
  constructor(page: Page) {
    this.page = page;
  }

  /** Opens the page, and notes every server that a connection is given from then on. @param origin of another site */
  async open(origin = ''): Promise<this> {
    await this.page.addInitScript(() => {
      const given: RTCConfiguration[] = [];
      Object.assign(globalThis, { given });
      globalThis.RTCPeerConnection = class extends RTCPeerConnection {
        constructor(configuration?: RTCConfiguration) {
          super(configuration);
          if (configuration) given.push(configuration);
        }
      };
    });
    await this.page.goto(`${origin}/check/`);
    await expect(this.page.getByRole('button', { name: 'Check', exact: true })).toBeEnabled();
    return this;
  }

  async fill(servers: string, { username = '', credential = '' } = {}): Promise<this> {
    await this.page.getByLabel('Another one').check();
    await this.page.getByLabel(/URLs, one on a line/).fill(servers);
    await this.page.getByLabel('User name').fill(username);
    await this.page.getByLabel('Credential').fill(credential);
    return this;
  }

  async start(): Promise<this> {
    await this.page.getByRole('button', { name: 'Check', exact: true }).click();
    return this;
  }

  /** The verdict's title, once it is there. */
  async verdict(timeoutMs = 45_000): Promise<string> {
    const title = this.page.locator('#check-title');
    await expect(title).toBeVisible({ timeout: timeoutMs });
    return (await title.textContent()) ?? '';
  }

  /** The rule that judged each URL, in their order. */
  rules(): Promise<(string | null)[]> {
    return this.page
      .locator('.check-table tbody[data-rule]')
      .evaluateAll((rows) => rows.map((row) => row.getAttribute('data-rule')));
  }

  observations(): Promise<Observations> {
    return this.page.evaluate(async () => {
      const session = await document.querySelector<CheckPage>('check-page')?.load();
      if (!session?.observations.value) throw new Error('there was no check');
      return session.observations.value;
    });
  }

  /** The whole record of the check, as it would be saved. */
  recording(): Promise<string> {
    return this.page.evaluate(async () => {
      const session = await document.querySelector<CheckPage>('check-page')?.load();
      return JSON.stringify(session?.record());
    });
  }

  /** Every server that any connection of the page was given. */
  asked(): Promise<string[]> {
    return this.page.evaluate(() =>
      (globalThis as never as { given: RTCConfiguration[] }).given.flatMap(({ iceServers = [] }) =>
        iceServers.flatMap(({ urls }) => urls),
      ),
    );
  }
}
