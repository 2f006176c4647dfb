package dev.telltale.models;

import dev.telltale.autoencoder.AutoencoderTrainer;
import dev.telltale.autoencoder.OtherMemory;
import dev.telltale.autoencoder.ReconstructorLoader;
import dev.telltale.database.Changes;
import dev.telltale.database.DataDirectory;
import dev.telltale.database.Database;
import dev.telltale.database.OnSharedDatabase;
import dev.telltale.http.Json;
import dev.telltale.jobs.JobReports;
import dev.telltale.jobs.Jobs;
import dev.telltale.series.AnnotationStore;
import dev.telltale.series.SeriesLookup;
import dev.telltale.series.SeriesStore;
import dev.telltale.torch.TorchEngine;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.InstantSource;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties({ModelsProperties.class, TrainingProperties.class})
class ModelsConfiguration {

    @Bean
    ModelMeters modelMeters(MeterRegistry registry) {
        return new ModelMeters(registry);
    }

    @Bean
    @Conditional(OnSharedDatabase.class)
    TableModelFiles modelFiles(Database database) {
        return new TableModelFiles(database);
    }

    @Bean
    ModelStore modelStore(
            DataDirectory directory,
            Database database,
            ObjectProvider<ModelFiles> files,
            ObjectProvider<DamageListener> listeners,
            Changes changes,
            ModelMeters meters) {
        DamagedModels damaged = new DamagedModels(listeners::orderedStream);
        meters.watchDamaged(damaged::count);
        return new DirectoryModelStore(
                directory.path(), database, damaged, files.getIfAvailable(() -> ModelFiles.LOCAL), changes);
    }

    @Bean
    ModelLimits modelLimits(ModelStore store, ModelsProperties properties) {
        return new ModelLimits(store, properties.limit(), properties.versionLimit());
    }

    @Bean
    OtherMemory memoryOfLoadedModels(ModelsProperties properties) {
        return properties.memory()::toBytes;
    }

    @Bean
    LoadedModels loadedModels(
            ModelStore store,
            ReconstructorLoader loader,
            ModelsProperties properties,
            Changes changes,
            ModelMeters meters) {
        LoadedModels loaded =
                new LoadedModels(store, loader, properties.memory().toBytes(), meters);
        changes.listen(ModelTable.GONE, loaded.follower());
        return loaded;
    }

    @Bean
    TrainingSamples trainingSamples(SeriesStore store, SeriesLookup lookup, AnnotationStore annotations) {
        return new TrainingSamples(store, lookup, annotations);
    }

    @Bean
    ModelTraining modelTraining(
            TrainingSamples samples,
            AutoencoderTrainer trainer,
            ReconstructorLoader loader,
            ModelStore store,
            ModelLimits limits,
            ModelMeters meters,
            TorchEngine engine,
            TrainingProperties properties) {
        return new ModelTraining(
                samples,
                trainer,
                loader,
                store,
                limits,
                meters,
                InstantSource.system(),
                properties.memory().toBytes(),
                engine::provenance);
    }

    @Bean
    TrainingJob trainingJob(ModelTraining training, Json json) {
        return new TrainingJob(training, json, InstantSource.system());
    }

    @Bean
    TrainingQueue trainingQueue(ModelTraining training, ModelStore models, Jobs jobs, Json json) {
        return new TrainingQueue(training, models, jobs, json);
    }

    @Bean
    ModelImport modelImport(
            DataDirectory directory, Database database, ModelStore store, ModelLimits limits, TrainingQueue trainings) {
        return new ModelImport(
                directory.path().resolve(DirectoryModelStore.DIRECTORY).resolve(ModelImport.DIRECTORY),
                store,
                limits,
                trainings,
                () -> database.requireRoom(0),
                InstantSource.system());
    }

    @Bean
    RowPlots rowPlots(ModelScoring scoring, SeriesLookup lookup, SeriesStore store, AnnotationStore annotations) {
        return new RowPlots(scoring, lookup, store, annotations);
    }

    @Bean
    ModelScoring modelScoring(
            LoadedModels models, SeriesLookup lookup, SeriesStore store, TrainingSamples learned, ModelMeters meters) {
        return new ModelScoring(models, lookup, store, learned, meters);
    }

    @Bean
    ModelAttention modelAttention(ModelScoring scoring, SeriesStore store) {
        return new ModelAttention(scoring, store);
    }

    @Bean
    JobReports tuningReports(Database database) {
        return new JobReports(database, "tuning");
    }

    @Bean
    TuningJob tuningJob(ModelTraining training, JobReports tuningReports, Json json) {
        return new TuningJob(training, tuningReports, json);
    }
}
