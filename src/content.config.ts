import { docsLoader, i18nLoader } from '@astrojs/starlight/loaders';
import { docsSchema, i18nSchema } from '@astrojs/starlight/schema';
import { defineCollection } from 'astro:content';
import { z } from 'astro/zod';
import { labIds } from './lab-kit/registry.ts';

/** A source. `name` is enough for an RFC or a W3C document that src/components/spec-link.ts knows. */
const spec = z.strictObject({
  name: z.string().min(1),
  section: z.string().min(1).optional(),
  title: z.string().min(1).optional(),
  url: z.url().optional(),
});

/** What a lesson says about itself in its frontmatter; all else is prose. */
const lesson = z.object({
  /** Chapter and place in it. It orders the sidebar and the list on the home page. */
  lesson: z
    .string('Write the number in quotes: lesson: "0.1"')
    .regex(/^\d+\.\d+$/, 'A lesson’s number is its chapter and its place, in quotes: "0.1"')
    .optional(),
  /** The lab that stays in sight beside the text: the name of its folder. */
  lab: z
    .string()
    .refine((id) => labIds.includes(id), {
      error: ({ input }) =>
        `There is no lab “${String(input)}”: src/labs/${String(input)}/lab.ts does not exist. Labs: ${labIds.join(', ') || 'none yet'}.`,
    })
    .optional(),
  /** What runs in it in place of a lab, where nobody is connected: a collection of code to try. */
  live: z.enum(['museum']).optional(),
  /** Reading time. */
  minutes: z.int().min(1).max(60).optional(),
  goals: z.array(z.string().min(1)).default([]),
  specs: z.array(spec).default([]),
  /** Items of the curriculum's sources that the lesson covers, as “4-20”. Not shown. */
  seeds: z.array(z.string().regex(/^[0-4]-\d+$/, 'An item of a source looks like "4-20"')).default([]),
  /** Statements of the curriculum's list that the lesson sets right. Not shown. */
  flags: z.array(z.int().min(1).max(35)).default([]),
  /** The lessons that this one builds on, by number. */
  needs: z.array(z.string().regex(/^\d+\.\d+$/, 'A lesson’s number, in quotes: "2.1"')).default([]),
  /** Topics of the public webrtc/samples collection that the lesson covers, as the curriculum numbers them. Not shown. */
  samples: z.array(z.int().min(1).max(53)).default([]),
  /** For whoever shows the lesson to a room. */
  presenter: z
    .strictObject({
      points: z.array(z.string().min(1)).length(3, 'A presenter gets three points'),
      demo: z.array(z.string().min(1)).min(1),
      question: z.string().min(1),
    })
    .optional(),
});

const schema = docsSchema({ extend: lesson });

/** The sidebar shows lessons by their number, whatever their files are called. */
function numbered<
  T extends {
    title: string;
    lesson?: string | undefined;
    sidebar: { label?: string | undefined; order?: number | undefined };
  },
>(data: T): T {
  if (!data.lesson) return data;
  const [chapter = 0, place = 0] = data.lesson.split('.').map(Number);
  return {
    ...data,
    sidebar: { label: `${data.lesson} ${data.title}`, order: chapter * 100 + place, ...data.sidebar },
  };
}

export const collections = {
  docs: defineCollection({
    loader: docsLoader(),
    schema: (context) =>
      schema(context)
        .refine(
          ({ lesson: number, lab, live }) => number === undefined || lab !== undefined || live !== undefined,
          {
            path: ['lab'],
            error: `Every lesson has a lab: write one of ${labIds.join(', ')}, or make one with npm run new:lab.`,
          },
        )
        .transform(numbered),
  }),
  i18n: defineCollection({ loader: i18nLoader(), schema: i18nSchema() }),
};
