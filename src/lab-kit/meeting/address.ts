import * as z from 'zod';
import { DisplayName, limits } from '../../protocol/signaling.ts';

/** The prefix of a meeting's room: a lab's room has another one. */
export const ROOM_PREFIX = 'meet-';

const LONGEST = limits.idLength - ROOM_PREFIX.length;

/** A meeting's id, as it stands in its link. */
const MeetingId = z.string().regex(new RegExp(`^[A-Za-z0-9_-]{1,${LONGEST}}$`));

/** Something that was typed, or a sentence that says what is wrong with it. */
export type Read<T> = { readonly value: T } | { readonly problem: string };

const ID_RULE = `An id is 1 to ${LONGEST} letters without accents, digits, hyphens and underscores, as in “team-7b”.`;

/** Reads the id of a meeting from an id, or from the link to it. */
export function readMeetingId(typed: string): Read<string> {
  const text = typed.trim();
  if (text === '') return { problem: 'Type the id of a meeting, or paste its link.' };
  const isLink = text.includes('/') || text.includes('?');
  const id = isLink ? idInLink(text) : text;
  if (id === null)
    return { problem: 'This link leads to no meeting: such a link has “?mid=” in it, and then the id.' };
  const mid = MeetingId.safeParse(id).data;
  return mid === undefined ? { problem: `This is no id of a meeting. ${ID_RULE}` } : { value: mid };
}

function idInLink(link: string): string | null {
  const query = link.slice(link.indexOf('?') + 1).replace(/#.*$/, '');
  return link.includes('?') ? new URLSearchParams(query).get('mid') : null;
}

/** Reads a display name, by the rules of the wire. */
export function readName(typed: string): Read<string> {
  const name = typed.trim();
  if (name === '') return { problem: 'Type a name: the others see it below your picture.' };
  if (name.length > limits.nameLength)
    return { problem: `A name has ${limits.nameLength} characters at most; this one has ${name.length}.` };
  const value = DisplayName.safeParse(name).data;
  return value === undefined
    ? {
        problem:
          'This name holds an invisible character that controls how text is written. Type it anew instead of pasting it.',
      }
    : { value };
}

/** What the address of the page asks for. */
export interface MeetQuery {
  /** Null: none was given, or not a valid one, which `problem` says. */
  readonly mid: string | null;
  readonly problem: string | null;
  /** A name to begin with; empty when there is none, or not a valid one. */
  readonly name: string;
  /** Begin with the drawn picture and the tone, whatever devices there are. */
  readonly synthetic: boolean;
}

/** @param search `location.search` */
export function readQuery(search: string): MeetQuery {
  const query = new URLSearchParams(search);
  const given = query.get('mid');
  const id = given === null ? null : readMeetingId(given);
  const name = readName(query.get('name') ?? '');
  return {
    mid: id && 'value' in id ? id.value : null,
    problem: id && 'problem' in id ? id.problem : null,
    name: 'value' in name ? name.value : '',
    synthetic: query.get('media') === 'synthetic',
  };
}

/** The link to a meeting. @param base origin of the site */
export const meetingLink = (base: string, mid: string): string =>
  new URL(`/meet/?${new URLSearchParams({ mid })}`, base).href;
