// @ts-check
import { globSync } from 'node:fs';
import mdx from '@astrojs/mdx';
import { satteri } from '@astrojs/markdown-satteri';
import preact from '@astrojs/preact';
import starlight from '@astrojs/starlight';
import { defineConfig } from 'astro/config';
import peerscopeServer from './server/dev.ts';
import { runModules } from './scripts/run-modules.ts';
import { glossaryLinks } from './src/glossary/plugin.ts';
import sdp from './src/rtc/sdp/sdp.tmLanguage.json' with { type: 'json' };
import { chapters } from './src/content/chapters.ts';
import { codeThemes } from './src/styles/code-themes.mjs';

process.env['ASTRO_TELEMETRY_DISABLED'] = '1';

const description =
  'A WebRTC playground you can see through: lessons with live calls that show every message, SDP line, candidate and packet.';

/** Where the site will be published, for absolute links in previews and the site map. Unset: a site that runs anywhere. */
const site = process.env['SITE_URL'];

export default defineConfig({
  ...(site && { site }),
  devToolbar: { enabled: false },
  // Firefox counts it under default-src, which is 'none': it would load nothing, and complain with every link in passing.
  prefetch: false,
  markdown: { processor: satteri({ mdastPlugins: [glossaryLinks] }) },
  build: { inlineStylesheets: 'never' },
  vite: {
    plugins: [runModules()],
    environments: { client: { build: { sourcemap: 'hidden' } } },
    // Loaded by the pages of /compare when they run: found only then, they would make the development server reload all.
    optimizeDeps: { include: ['peerjs', 'simple-peer/simplepeer.min.js', 'webrtc-adapter'] },
    build: {
      assetsInlineLimit: 0, // scripts and fonts stay files: the Content-Security-Policy allows no inline ones
      rolldownOptions: {
        // Each MDX page starts with a directive that is meant for Astro only; the bundler would warn of every one.
        onLog(level, log, next) {
          if (log.code !== 'MODULE_LEVEL_DIRECTIVE') next(level, log);
        },
      },
    },
  },
  integrations: [
    starlight({
      title: 'Peerscope',
      description,
      customCss: ['./src/styles/site.css'],
      favicon: '/favicon.svg',
      head: [
        { tag: 'link', attrs: { rel: 'icon', href: '/favicon.ico', sizes: '32x32' } },
        { tag: 'link', attrs: { rel: 'apple-touch-icon', href: '/apple-touch-icon.png' } },
        { tag: 'link', attrs: { rel: 'manifest', href: '/manifest.webmanifest' } },
      ],
      sidebar: [
        ...chapters
          .filter(({ folder }) => globSync(`src/content/docs/lessons/${folder}/*.{md,mdx}`).length > 0)
          .map(({ folder, title }) => ({
            label: title,
            items: [{ autogenerate: { directory: `lessons/${folder}` } }],
          })),
        {
          label: 'Labs',
          items: [
            { label: 'All labs', link: '/labs/' },
            { label: 'All exercises', link: '/exercises/' },
            { label: 'What people get wrong', link: '/claims/' },
            { label: 'Glossary', link: '/glossary/' },
            { label: 'Map of the lessons', link: '/map/' },
            { label: 'Coverage', link: '/coverage/' },
          ],
        },
      ],
      routeMiddleware: './src/components/overrides/route-data.ts',
      components: {
        Footer: './src/components/overrides/Footer.astro',
        Head: './src/components/overrides/Head.astro',
        Header: './src/components/overrides/Header.astro',
        Hero: './src/components/overrides/Hero.astro',
        MobileMenuFooter: './src/components/overrides/MobileMenuFooter.astro',
        PageTitle: './src/components/overrides/PageTitle.astro',
        Search: './src/components/overrides/Search.astro',
        SiteTitle: './src/components/overrides/SiteTitle.astro',
        ThemeProvider: './src/components/overrides/ThemeProvider.astro',
        ThemeSelect: './src/components/overrides/ThemeSelect.astro',
        TwoColumnContent: './src/components/overrides/TwoColumnContent.astro',
      },
      expressiveCode: {
        themes: codeThemes,
        defaultProps: { wrap: true }, // a line of SDP is longer than a phone is wide
        shiki: { langs: [sdp] },
        styleOverrides: {
          borderRadius: 'var(--ps-radius)',
          borderColor: 'var(--ps-line)',
          frames: {
            frameBoxShadowCssValue: 'none',
            editorTabBarBackground: 'var(--ps-surface)',
            editorActiveTabIndicatorTopColor: 'transparent',
            terminalTitlebarBackground: 'var(--ps-surface)',
          },
        },
      },
      defaultLocale: 'root',
      locales: { root: { label: 'English', lang: 'en' } },
    }),
    mdx(), // after Starlight: its code blocks must be set up first
    preact(),
    peerscopeServer(),
  ],
});
