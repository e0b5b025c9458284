import type { APIRoute } from 'astro';
import { highlightedFiles } from '../../components/compare-code.ts';
import { taskIds } from '../../lab-kit/compare/registry.ts';

export const getStaticPaths = () => taskIds.map((task) => ({ params: { task } }));

/** `/compare/text.json`: the highlighted files of a task, which the page fetches when the task is chosen. */
export const GET: APIRoute = async ({ params: { task = '' } }) => Response.json(await highlightedFiles(task));
