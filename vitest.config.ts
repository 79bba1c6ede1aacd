import { configDefaults, defineConfig } from 'vitest/config';

/** `vitest run` takes the quick suites; `vitest run --mode long` the long ones alone. */
export default defineConfig(({ mode }) => ({
  test: {
    include: ['src', 'daemon', 'build', 'test'].map(
      (folder) => `${folder}/**/*${mode === 'long' ? '.long' : ''}.test.ts`,
    ),
    exclude: [...configDefaults.exclude, 'build/out/**', ...(mode === 'long' ? [] : ['**/*.long.test.ts'])],
    testTimeout: mode === 'long' ? 3_600_000 : 300_000,
    hookTimeout: 300_000,
    pool: 'forks',
  },
}));
