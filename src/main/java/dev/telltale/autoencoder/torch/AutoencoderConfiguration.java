package dev.telltale.autoencoder.torch;

import dev.telltale.autoencoder.AutoencoderTrainer;
import dev.telltale.autoencoder.HeapReconstructorLoader;
import dev.telltale.autoencoder.OtherMemory;
import dev.telltale.autoencoder.ReconstructorLoader;
import dev.telltale.torch.TorchEngine;
import dev.telltale.torch.TorchExecutor;
import java.util.List;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class AutoencoderConfiguration {

    @Bean
    AutoencoderTrainer autoencoderTrainer(TorchEngine engine, List<OtherMemory> others) {
        return new TorchAutoencoderTrainer(
                engine, others.stream().mapToLong(OtherMemory::bytes).sum());
    }

    @Bean
    ReconstructorLoader reconstructorLoader(TorchExecutor executor) {
        return new HeapReconstructorLoader(executor);
    }
}
