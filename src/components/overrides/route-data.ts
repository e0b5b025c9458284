import { defineRouteMiddleware } from '@astrojs/starlight/route-data';

/** A lesson with a lab has the lab where other pages have their table of contents. */
export const onRequest = defineRouteMiddleware(({ locals }) => {
  const route = locals.starlightRoute;
  if (route.entry.data.lab) route.toc = undefined;
});
