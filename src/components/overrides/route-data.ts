import { defineRouteMiddleware, type StarlightRouteData } from '@astrojs/starlight/route-data';
import { listLessons } from '../catalogue.ts';

type SidebarEntry = StarlightRouteData['sidebar'][number];

/** A lesson with a lab has the lab where other pages have their table of contents; the sidebar knows its exercises. */
export const onRequest = defineRouteMiddleware(async ({ locals }) => {
  const route = locals.starlightRoute;
  if (route.entry.data.lab) route.toc = undefined;
  const exercises = new Map((await listLessons()).map((lesson) => [lesson.href, lesson.exercises]));
  const name = (entry: SidebarEntry): void => {
    if (entry.type === 'group') return entry.entries.forEach(name);
    const ids = exercises.get(entry.href) ?? [];
    if (ids.length > 0) entry.attrs['data-exercises'] = ids.join(' ');
  };
  route.sidebar.forEach(name);
});
