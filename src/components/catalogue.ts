import { getCollection } from 'astro:content';
import { arrangementNames } from '../lab-kit/define.ts';
import { exerciseIds, loadExercise } from '../lab-kit/exercise/registry.ts';
import { natExerciseIds } from '../lab-kit/nat/goals.ts';
import { exhibits } from '../lab-kit/museum/exhibits.ts';
import { labIds, loadLab } from '../lab-kit/registry.ts';
import { chapters } from '../content/chapters.ts';

export interface LessonLink {
  readonly number: string;
  readonly title: string;
  readonly description: string | undefined;
  readonly minutes: number | undefined;
  readonly lab: string | undefined;
  /** The numbers of the lessons that it builds on. */
  readonly needs: readonly string[];
  /** The ids of its exercises, in the order of the text. */
  readonly exercises: readonly string[];
  /** The ids of the claims in it. */
  readonly claims: readonly string[];
  readonly href: string;
}

/** All lessons, by number. */
export async function listLessons(): Promise<LessonLink[]> {
  const entries = await getCollection('docs', ({ data }) => data.lesson !== undefined);
  return entries
    .map(({ id, body = '', data: { lesson = '', title, description, minutes, lab, needs } }) => ({
      number: lesson,
      title,
      description,
      minutes,
      lab,
      needs,
      exercises: [
        ...Array.from(body.matchAll(/<Exercise\s+id="([^"]+)"/g), ([, exercise = '']) => exercise),
        ...(body.includes('<NatPart part="exercises"') ? natExerciseIds : []),
      ],
      claims: [
        ...Array.from(body.matchAll(/<Claim\s+id="([^"]+)"/g), ([, claim = '']) => claim),
        ...(body.includes('<Museum') ? exhibits.map(({ claim }) => claim) : []),
      ],
      href: `/${id}/`,
    }))
    .toSorted((a, b) => a.number.localeCompare(b.number, 'en', { numeric: true }));
}

/** The lessons by chapter, chapters without lessons left out. */
export async function listChapters(): Promise<{ title: string; lessons: LessonLink[] }[]> {
  const lessons = await listLessons();
  return chapters
    .map(({ folder, title }) => ({
      title,
      lessons: lessons.filter(({ href }) => href.startsWith(`/lessons/${folder}/`)),
    }))
    .filter((chapter) => chapter.lessons.length > 0);
}

export interface LabLink {
  readonly id: string;
  readonly title: string;
  readonly summary: string;
  readonly href: string;
  /** How its peers can be spread, in words. */
  readonly arrangements: readonly string[];
  /** The lesson that it belongs to, if there is one. */
  readonly lesson: LessonLink | undefined;
}

/** All labs, those of the first lessons first. */
export async function listLabs(): Promise<LabLink[]> {
  const lessons = await listLessons();
  const labs = await Promise.all(
    labIds.map(async (id) => {
      const { title, summary, arrangements } = await loadLab(id);
      const lesson = lessons.find(({ lab }) => lab === id);
      return {
        id,
        title,
        summary,
        href: `/labs/${id}/`,
        lesson,
        arrangements: arrangements.map((name) => arrangementNames[name].label.toLowerCase()),
      };
    }),
  );
  const place = ({ lesson }: LabLink) => (lesson ? lessons.indexOf(lesson) : lessons.length);
  return labs.toSorted((a, b) => place(a) - place(b));
}

export interface ExerciseLink {
  readonly id: string;
  readonly title: string;
  readonly href: string;
  /** The lesson that it belongs to, if there is one. */
  readonly lesson: LessonLink | undefined;
}

/** All exercises, those of the first lessons first. */
export async function listExercises(): Promise<ExerciseLink[]> {
  const lessons = await listLessons();
  const exercises = await Promise.all(
    exerciseIds.map(async (id) => {
      const { title } = await loadExercise(id);
      const lesson = lessons.find((one) => one.exercises.includes(id));
      return { id, title, href: `/exercises/${id}/`, lesson };
    }),
  );
  const place = ({ lesson }: ExerciseLink) => (lesson ? lessons.indexOf(lesson) : lessons.length);
  return exercises.toSorted((a, b) => place(a) - place(b));
}
