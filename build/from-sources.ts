import { bundleDashboard } from './dashboard.ts';

/** `cloudsync` as it stands in the checkout: all of it runs from its sources, but for what a browser is to run. */
await bundleDashboard();
await import('../daemon/main.ts');
