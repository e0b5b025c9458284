import AxeBuilder from '@axe-core/playwright';
import { createHash, randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { expect, test } from '../support/lab.ts';
import { Gathering, type Participant } from '../support/meet.ts';

const panel = ({ page }: Participant, name: 'People' | 'Chat') => page.getByRole('complementary', { name });

async function openPanel(participant: Participant, name: 'People' | 'Chat') {
  const { page } = participant;
  if (!(await panel(participant, name).isVisible()))
    await page.locator(`[data-panel=${name.toLowerCase()}]`).click();
  await expect(panel(participant, name)).toBeVisible();
  return panel(participant, name);
}

async function say(participant: Participant, text: string): Promise<void> {
  const chat = await openPanel(participant, 'Chat');
  await chat.getByLabel('Message to everybody').fill(text);
  await chat.getByLabel('Message to everybody').press('Enter');
}

/** The messages that a participant reads, each with its path. */
const messages = (participant: Participant) =>
  panel(participant, 'Chat')
    .locator('.people-message')
    .evaluateAll((all) =>
      all.map((one) => ({
        name: one.querySelector('.people-name')?.textContent,
        text: one.querySelector('.people-text')?.textContent,
        path: one.querySelector('.people-path')?.textContent,
      })),
    );

const row = (participant: Participant, name: string) =>
  panel(participant, 'People').locator('.people-row').filter({ hasText: name });

async function menu(participant: Participant, name: string) {
  await openPanel(participant, 'People');
  await row(participant, name)
    .getByRole('button', { name: `More for ${name}` })
    .click();
}

test('words go straight to those who are there, late comers read them from the server, and hostile ones are text @firefox', async ({
  browser,
  server,
}) => {
  await using meeting = new Gathering(browser, server.url);
  const [alice, bob] = await meeting.join('alice', 'bob');
  await alice.untilSees('bob');
  await say(alice, 'hello from https://example.org/');
  await expect(bob.page.locator('[data-panel=chat]')).toHaveAccessibleName('Chat, 1 new');
  await openPanel(bob, 'Chat');
  // Both ways take a millisecond here: which one is first is chance, and that both come is not.
  await expect
    .poll(async () => (await messages(bob))[0])
    .toEqual({
      name: 'alice',
      text: 'hello from https://example.org/',
      path: expect.stringMatching(/^(direct, the server’s copy|through the server, directly) /) as unknown,
    });
  await expect(bob.page.locator('[data-panel=chat]')).toHaveAccessibleName('Chat');
  const link = panel(bob, 'Chat').getByRole('link', { name: 'https://example.org/' });
  await expect(link).toHaveAttribute('rel', 'noopener noreferrer');
  await expect.poll(async () => (await messages(alice))[0]?.path).toBe('direct to all');

  const hostile = '<img src=x onerror="document.title=\'taken\'">\u202e\u0000 javascript:alert(1)';
  await bob.withSession(async ({ meeting: now }, text) => void (await now.value?.room.say(text)), hostile);
  await expect
    .poll(async () => (await messages(alice))[1])
    .toMatchObject({ name: 'bob', path: 'through the server' });
  await expect(panel(alice, 'Chat').locator('.people-text').nth(1)).toContainText('<img src=x onerror=');
  expect(await panel(alice, 'Chat').locator('img, a[href^=javascript]').count()).toBe(0);

  await bob.withSession(({ people }) => {
    people.value[0]?.link?.line.send({ kind: 'chat:say', id: 'by-hand', text: 'straight' });
  }, null);
  await expect
    .poll(async () => (await messages(alice))[2])
    .toEqual({ name: 'bob', text: 'straight', path: 'direct' });

  const [carol] = await meeting.join('carol');
  await openPanel(carol, 'Chat');
  await expect
    .poll(async () => (await messages(carol)).map(({ path }) => path))
    .toEqual(['kept by the server', 'kept by the server']);
  expect(await carol.page.title()).not.toBe('taken');

  // 2 001 characters are refused here with words, and 2 000 arrive.
  const chat = panel(carol, 'Chat');
  await chat.getByLabel('Message to everybody').fill('x'.repeat(2_001));
  await chat.getByLabel('Message to everybody').press('Enter');
  await expect(chat.getByRole('alert')).toContainText('2000 characters at most: this one has 2001');
  await say(carol, 'y'.repeat(2_000));
  await expect.poll(async () => (await messages(alice))[3]?.text?.length).toBe(2_000);
});

test('a file goes from page to page: asked for, compared, and saved under a name that harms nobody', async ({
  browser,
  server,
}) => {
  await using meeting = new Gathering(browser, server.url);
  const [alice, bob] = await meeting.join('alice', 'bob');
  await alice.untilSees('bob');
  const bytes = randomBytes(1_000_000);
  const sum = createHash('sha256').update(bytes).digest('hex');
  const name = 'a\u202e<b>.png.exe';
  const chat = await openPanel(alice, 'Chat');
  await chat.locator('input[type=file]').setInputFiles({ name, mimeType: 'text/html', buffer: bytes });
  const theirs = await openPanel(bob, 'Chat');
  await expect(theirs.getByText('alice offers it to you')).toBeVisible();
  expect(await theirs.locator('.people-file b').count()).toBe(0);
  await expect(theirs.locator('progress')).toHaveCount(0);
  await theirs.getByRole('button', { name: /^Take a/ }).click();
  for (const side of [chat, theirs])
    await expect(side.locator('.people-sum')).toHaveAttribute('data-sha256', sum, { timeout: 20_000 });
  const saving = bob.page.waitForEvent('download');
  await theirs.getByRole('button', { name: /^Save/ }).click();
  const saved = await saving;
  expect(saved.suggestedFilename()).toBe('a-b-.png.exe');
  expect(
    createHash('sha256')
      .update(await readFile(await saved.path()))
      .digest('hex'),
  ).toBe(sum);

  await chat
    .locator('input[type=file]')
    .setInputFiles({ name: 'no.txt', mimeType: 'text/plain', buffer: Buffer.from('no') });
  await theirs.getByRole('button', { name: 'Do not take no.txt' }).click();
  await expect(chat.getByText('bob did not want it')).toBeVisible();
});

test('a host keeps the door, the order of hands and the peace, and the meeting outlives them', async ({
  browser,
  server,
}) => {
  await using meeting = new Gathering(browser, server.url);
  const [alice, bob] = await meeting.join('alice', 'bob');
  const people = await openPanel(alice, 'People');
  await people.getByLabel('Lobby: I let newcomers in').check();

  const carol = await meeting.open('carol');
  await carol.joinButton.click();
  await expect(carol.page.getByRole('heading', { name: 'You are in the lobby.' })).toBeVisible();
  const mallory = await meeting.open('mallory');
  await mallory.joinButton.click();
  await expect(alice.page.getByText('mallory waits in the lobby.')).toBeVisible();
  await people.getByRole('button', { name: 'Send mallory away' }).click();
  await expect(mallory.page.getByRole('heading', { name: 'You were not let in.' })).toBeVisible();
  await people.getByRole('button', { name: 'Let carol in' }).click();
  await carol.untilIn();
  await alice.untilSees('bob', 'carol');

  // A name that is refused, and one that looks like markup.
  const own = await openPanel(carol, 'People');
  await own.getByRole('button', { name: 'Rename' }).click();
  await own.getByLabel('Your name').fill('ali\u202ece');
  await own.getByLabel('Your name').press('Enter');
  await expect(own.getByRole('alert')).toContainText('1 to 40 characters');
  await own.getByLabel('Your name').fill('<b>carol</b>');
  await own.getByLabel('Your name').press('Enter');
  await expect(alice.tile('<b>carol</b>')).toBeVisible();
  await expect(alice.page.getByText('carol is now called <b>carol</b>.')).toBeVisible();

  await bob.page.keyboard.press('h');
  await expect(row(alice, 'bob')).toContainText('Hand 1');
  await carol.page.getByRole('button', { name: 'Raise hand' }).click();
  await expect(row(alice, '<b>carol</b>')).toContainText('Hand 2');
  await menu(alice, 'bob');
  await alice.page.getByRole('button', { name: 'Lower their hand' }).click();
  await expect(row(alice, '<b>carol</b>')).toContainText('Hand 1');

  await alice.untilHears('bob', 'carol');
  await people.getByRole('button', { name: 'Mute everybody else' }).click();
  await expect(bob.page.getByText('alice, the host, has muted you.')).toBeVisible();
  await alice.untilHears();

  await menu(alice, '<b>carol</b>');
  await alice.page.getByRole('button', { name: 'Remove from the meeting' }).click();
  await alice.page.getByRole('dialog').getByRole('button', { name: 'Remove <b>carol</b>' }).click();
  await expect(carol.page.getByRole('heading', { name: 'The host has ended your part' })).toBeVisible();
  await expect(bob.tile('<b>carol</b>')).toHaveCount(0);

  await alice.leave();
  await expect(bob.page.getByText('You are the host now.')).toBeVisible();
  await openPanel(bob, 'People');
  await expect(row(bob, 'bob')).toContainText('Host');
});

test('chat, people and reactions by the keyboard alone, on a phone, without an error of accessibility', async ({
  browser,
  server,
}) => {
  await using meeting = new Gathering(browser, server.url);
  const [bob] = await meeting.join('bob');
  const alice = await meeting.open('alice', { viewport: { width: 390, height: 844 } });
  await alice.join();
  await bob.untilSees('alice');
  const { page } = alice;
  await page.keyboard.press('c');
  await expect(page.getByLabel('Message to everybody')).toBeFocused();
  await page.keyboard.type('typed');
  await page.keyboard.press('Enter');
  await openPanel(bob, 'Chat');
  await expect(panel(bob, 'Chat').locator('.people-text')).toHaveText('typed');
  const wide = () => page.evaluate(() => document.documentElement.scrollWidth);
  expect(await wide()).toBeLessThanOrEqual(390);
  expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);
  await page.keyboard.press('Escape');
  await expect(page.locator('[data-panel=chat]')).toBeFocused();

  await page.keyboard.press('p');
  await expect(panel(alice, 'People')).toBeVisible();
  expect(await wide()).toBeLessThanOrEqual(390);
  expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);
  await page.getByRole('button', { name: 'Close: People' }).press('Enter');

  await page.getByRole('button', { name: 'React', exact: true }).press('Enter');
  await page.getByRole('button', { name: 'applause' }).press('Enter');
  await expect(bob.tile('alice').locator('[data-reaction=clap]')).toBeVisible();
  await expect(bob.page.getByRole('status').filter({ hasText: 'alice: applause' })).toHaveCount(1);
});
