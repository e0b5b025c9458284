/** What is told apart on the signaling wire, and how much a message may hold. */
import * as z from 'zod';

/** Upper bounds of what a message may hold. Lengths count UTF-16 code units. */
export const limits = {
  idLength: 64,
  nameLength: 40,
  chatLength: 2_000,
  chatHistory: 100,
  sdpLength: 65_536,
  candidateLength: 1_024,
  sessionLength: 512,
  /** People in the lobby of one meeting. */
  waiting: 32,
  /** Bots of the server in one meeting that is a mesh. */
  meetingBots: 8,
  /** Bots of the server in one room whose media go through a server in the middle: a class of ghosts. */
  ghosts: 30,
  /** A learner's server, or one message to it or from it. */
  classroomText: 65_536,
} as const;

/** Only what survives in a URL, a log line and a file name. */
export const idText = z.string().regex(/^[A-Za-z0-9_-]{1,64}$/, 'an id is 1 to 64 of A-Z a-z 0-9 _ -');

/** A participant: 128 random bits from the server. Survives reconnections and page reloads. */
export const PeerId = z
  .string()
  .regex(/^[A-Za-z0-9_-]{22}$/, 'a peer id is 22 of A-Z a-z 0-9 _ -')
  .brand<'PeerId'>();
export type PeerId = z.infer<typeof PeerId>;
