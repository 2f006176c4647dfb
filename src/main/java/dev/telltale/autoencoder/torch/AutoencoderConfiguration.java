package dev.telltale.autoencoder.torch;

import dev.telltale.autoencoder.AutoencoderTrainer;
import dev.telltale.autoencoder.HeapReconstructorLoader;
import dev.telltale.autoencoder.ReconstructorLoader;
import dev.telltale.torch.TorchEngine;
import dev.telltale.torch.TorchExecutor;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class AutoencoderConfiguration {

    @Bean
    AutoencoderTrainer autoencoderTrainer(TorchEngine engine) {
        return new TorchAutoencoderTrainer(engine);
    }

    @Bean
    ReconstructorLoader reconstructorLoader(TorchExecutor executor) {
        return new HeapReconstructorLoader(executor);
    }
}
